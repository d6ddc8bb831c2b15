import Encoding

/// Why a JSON message, of an agent or for one, could not be taken.
package enum AgentDecodeError: Error, Equatable, CustomStringConvertible {
    case tooLong(bytes: Int)
    case notJSON(offset: Int)
    case tooManyValues(offset: Int)
    case notAnObject
    case missingField(path: String)
    case wrongKind(path: String, expected: String)
    case unknownKey(path: String)
    case unknownType
    case badValue(path: String)

    /// A message longer than this is refused unread.
    package static let messageBytesMax = 262_144

    package var description: String {
        switch self {
        case .tooLong(let bytes):
            "A message of \(bytes) bytes is longer than the \(Self.messageBytesMax) allowed; it was not read."
        case .notJSON(let offset): "The message stops being JSON at byte \(offset); send one JSON object a text frame."
        case .tooManyValues(let offset):
            "The message has more than \(WireJSON.valuesMax) values by byte \(offset); it was not read further."
        case .notAnObject: "The message is JSON but not an object; send one JSON object a text frame."
        case .missingField(let path): "The message has no `\(path)`; see the reference of its `type`."
        case .wrongKind(let path, let expected): "`\(path)` is not \(expected)."
        case .unknownKey(let path): "`\(path)` is not a field of this message; remove it."
        case .unknownType: "The message's `type` is not one a client may send."
        case .badValue(let path): "`\(path)` has a value that is not allowed here."
        }
    }
}
