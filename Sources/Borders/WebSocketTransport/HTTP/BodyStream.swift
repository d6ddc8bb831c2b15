import Encoding

/// A body that is made while it is sent, and whose length nobody knows before its end. The next piece is asked for when the one
/// before it is with the client: who reads slowly holds one piece in memory, and no more.
package struct BodyStream: Sendable {
    /// The next piece, off the loop's thread; empty at the end. Nil where there is to be no end: the connection is cut, which is
    /// how a client learns that it does not have all.
    package let next: @Sendable () async -> [UInt8]?

    package init(next: @escaping @Sendable () async -> [UInt8]?) { self.next = next }

    /// As a chunk (RFC 9112, 7.1); of no bytes, the end of the body.
    static func chunk(_ piece: [UInt8]) -> [UInt8] {
        let length = String(piece.count, radix: 16)
        return Array("\(length)\r\n".utf8) + piece + [0x0D, 0x0A]
    }
}
