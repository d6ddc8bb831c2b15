import Encoding

/// What a page asks of its phone: one text message of JSON each.
///
///     {"event":"call","to":"+15550100100","from":"+14155550123","caller":"qualified"}   once, and first; all but `event` optional
///     {"event":"say","text":"…"}    {"event":"play","caller":"vague"}    {"event":"press","keys":"12#"}    {"event":"hang_up"}
enum PhoneOrder: Equatable {
    case call(to: String?, from: String?, caller: String?)
    case say(String)
    case play(caller: String)
    case press([Character])
    case hangUp

    struct Fault: Error, Equatable {
        /// For the close frame: at most 123 bytes.
        var reason: String
    }

    static let bytesMax = 4_096
    static let textCharactersMax = 500
    private static let keys = "0123456789*#ABCD"

    init(_ message: [UInt8]) throws(Fault) {
        guard let json = try? WireJSON(parsing: message, valuesMax: 16), let fields = json.object else {
            throw Fault(reason: "that is no JSON object")
        }
        switch fields["event"]?.string {
        case "call":
            self = .call(
                to: try Self.number("to", fields), from: try Self.number("from", fields),
                caller: fields["caller"]?.string)
        case "say":
            guard let text = fields["text"]?.string, !text.isEmpty, text.count <= Self.textCharactersMax else {
                throw Fault(reason: "`text` has 1 to \(Self.textCharactersMax) characters")
            }
            self = .say(text)
        case "play":
            guard let caller = fields["caller"]?.string else { throw Fault(reason: "`caller` is missing") }
            self = .play(caller: caller)
        case "press":
            guard let keys = fields["keys"]?.string, (1...PhoneMouth.keysMax).contains(keys.count),
                keys.allSatisfy({ Self.keys.contains($0) })
            else { throw Fault(reason: "`keys` takes 1 to \(PhoneMouth.keysMax) of 0-9 * # A-D") }
            self = .press(Array(keys))
        case "hang_up": self = .hangUp
        default: throw Fault(reason: "there is no such `event`")
        }
    }

    private static func number(_ name: String, _ fields: WireObject) throws(Fault) -> String? {
        guard let value = fields[name] else { return nil }
        guard let text = value.string, SimulatedCarrier.isNumber(text) else {
            throw Fault(reason: "`\(name)` is no number like +15550100100")
        }
        return text
    }
}
