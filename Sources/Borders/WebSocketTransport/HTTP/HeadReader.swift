/// Collects the bytes of one request head as they arrive, and stops at once at what no head can contain.
///
/// Line ends are CRLF and nothing else: a bare LF or CR, which some parsers take for a line's end and others for text, is
/// refused as soon as it is there.
struct HeadReader {
    enum Found: Equatable {
        case incomplete
        /// The head is the first so many bytes; what follows is its body.
        case complete(bytes: Int)
    }

    private(set) var bytes: [UInt8] = []
    private var looked = 0
    private var hasPassedOver = false
    private let bytesMax: Int

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    var isEmpty: Bool { bytes.isEmpty }

    /// Adds what has arrived and looks for the head's end in it.
    mutating func take(_ piece: UnsafeBufferPointer<UInt8>) throws(RequestHead.Refusal) -> Found {
        unsafe bytes.append(contentsOf: piece)
        // One empty line before a request is passed over (RFC 9112, 2.2), and no second one, in however many pieces they come.
        if looked == 0, !hasPassedOver {
            if bytes == [0x0D] { return .incomplete }
            if bytes.starts(with: [0x0D, 0x0A]) {
                bytes.removeFirst(2)
                hasPassedOver = true
            }
        }
        while looked < bytes.count {
            guard looked < bytesMax else { throw tooLarge }
            let byte = bytes[looked]
            switch byte {
            case 0x0A:
                guard looked > 0, bytes[looked - 1] == 0x0D else {
                    throw .malformed("A line ends in LF instead of CRLF.")
                }
                if looked >= 3, bytes[looked - 2] == 0x0A {
                    looked += 1
                    return .complete(bytes: looked)
                }
            case 0: throw .malformed("There is a NUL in the head.")
            default:
                if looked > 0, bytes[looked - 1] == 0x0D { throw .malformed("There is a CR without LF.") }
                if looked == 0, !FieldLines.isTokenByte(byte), (byte != 0x0D || hasPassedOver) {
                    throw .malformed("This is not an HTTP request.")
                }
            }
            looked += 1
        }
        return .incomplete
    }

    private var tooLarge: RequestHead.Refusal {
        guard bytes[..<looked].contains(0x0A) else {
            return RequestHead.Refusal(status: 414, detail: "The request target is above 8,192 bytes.")
        }
        return RequestHead.Refusal(status: 431, detail: "The request's head is above \(bytesMax) bytes.")
    }
}
