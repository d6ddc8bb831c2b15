@testable import WebSocketTransport

/// What becomes of bytes on a fresh connection, read as the door reads them.
enum HeadReading {
    case incomplete
    case refused(status: Int)
    /// A head, and how many bytes stand behind it.
    case head(RequestHead, rest: Int)

    /// - Parameter cuts: where one piece ends and the next begins, in order.
    init(_ bytes: [UInt8], cuts: [Int] = [], bytesMax: Int = 16 << 10) {
        var reader = HeadReader(bytesMax: bytesMax)
        var start = 0
        for end in cuts + [bytes.count] {
            do throws(RequestHead.Refusal) {
                let piece = Array(bytes[start..<end])
                let found = try piece.withUnsafeBufferPointer { (piece) throws(RequestHead.Refusal) in
                    try reader.take(piece)
                }
                start = end
                guard case .complete(let count) = found else { continue }
                let behind = reader.bytes.count - count + bytes.count - end
                self = .head(try RequestHead(reader.bytes[..<count]), rest: behind)
                return
            } catch {
                self = .refused(status: error.status)
                return
            }
        }
        self = .incomplete
    }

    init(_ text: String, cuts: [Int] = []) { self.init(Array(text.utf8), cuts: cuts) }

    /// 200 for a head, 0 for an incomplete one, or the status that refuses it.
    var status: Int {
        switch self {
        case .incomplete: 0
        case .refused(let status): status
        case .head: 200
        }
    }

    /// All there is to say, for comparison.
    var summary: String {
        switch self {
        case .incomplete: "incomplete"
        case .refused(let status): "refused \(status)"
        case .head(let head, let rest):
            "\(head.method) \(head.target) \(head.fields) \(head.bodyBytes) \(head.keepsAlive) \(head.expectsContinue) "
                + "\(String(describing: head.upgrade)) \(rest)"
        }
    }
}
