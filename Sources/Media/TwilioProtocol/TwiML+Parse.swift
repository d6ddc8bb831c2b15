import Encoding

/// Why a TwiML document was refused; the carrier logs 12100 for what is not XML and 12200 for what is not TwiML.
package enum TwiMLError: Error, Equatable, CustomStringConvertible {
    case tooLarge(bytes: Int)
    case malformed(at: Int, expected: String)
    case unknownVerb(String)
    case missing(verb: String, what: String)
    case invalid(verb: String, attribute: String)

    package var code: Int {
        switch self {
        case .tooLarge, .malformed: 12_100
        case .unknownVerb, .missing, .invalid: 12_200
        }
    }

    package var description: String {
        switch self {
        case .tooLarge(let bytes): "TwiML of \(bytes) bytes, 65536 are allowed."
        case .malformed(let at, let expected): "TwiML is not XML (12100): expected \(expected) at byte \(at)."
        case .unknownVerb(let name): "TwiML (12200) has <\(name)>, which is not spoken here."
        case .missing(let verb, let what): "TwiML (12200): <\(verb)> without \(what)."
        case .invalid(let verb, let attribute): "TwiML (12200): <\(verb)> with a \(attribute) that cannot be."
        }
    }
}

extension TwiML {
    /// Reads a document as the simulated carrier does: strictly, so that what real Twilio would refuse fails here.
    package init(xml: String) throws(TwiMLError) {
        let root = try XMLParser.parse(xml)
        guard root.name == "Response" else { throw .unknownVerb(root.name) }
        var verbs: [Verb] = []
        for child in root.children { verbs.append(try Verb(child)) }
        self.init(verbs)
    }
}

extension TwiML.Verb {
    fileprivate init(_ element: XMLElement) throws(TwiMLError) {
        switch element.name {
        case "Connect": self = .connectStream(try TwiML.Stream(connect: element))
        case "Redirect": self = .redirect(url: try element.body("a URL"))
        case "Say": self = .say(element.text)
        case "Play": self = .play(url: try element.body("a URL"))
        case "Pause": self = .pause(seconds: try element.whole("length", default: 1))
        case "Dial": self = .dial(try TwiML.Dial(element))
        case "Record":
            self = .record(
                maxLengthSeconds: try element.whole("maxLength", default: 3_600), action: element["action"])
        case "Hangup": self = .hangup
        case "Reject":
            guard let reason = TwiML.RejectReason(rawValue: element["reason"] ?? "rejected") else {
                throw .invalid(verb: "Reject", attribute: "reason")
            }
            self = .reject(reason)
        default: throw .unknownVerb(element.name)
        }
    }
}

extension TwiML.Stream {
    fileprivate init(connect: XMLElement) throws(TwiMLError) {
        guard connect.children.count == 1, let noun = connect.children.first, noun.name == "Stream" else {
            throw .missing(verb: "Connect", what: "its one Stream")
        }
        guard let url = noun["url"] else { throw .missing(verb: "Stream", what: "url") }
        guard noun["track"] ?? "inbound_track" == "inbound_track" else {
            throw .invalid(verb: "Stream", attribute: "track")
        }
        var parameters: [FormField] = []
        for child in noun.children {
            guard child.name == "Parameter" else { throw .unknownVerb(child.name) }
            guard let name = child["name"], let value = child["value"] else {
                throw .missing(verb: "Parameter", what: "name and value")
            }
            guard name.count + value.count < 500 else { throw .invalid(verb: "Parameter", attribute: "value") }
            parameters.append(FormField(name, value))
        }
        self.init(url: url, name: noun["name"], parameters: parameters, statusCallback: noun["statusCallback"])
    }
}

extension TwiML.Dial {
    fileprivate init(_ element: XMLElement) throws(TwiMLError) {
        let number: String
        if let noun = element.children.first {
            guard element.children.count == 1, noun.name == "Number" else { throw .unknownVerb(noun.name) }
            number = try noun.body("a number")
        } else {
            number = try element.body("a number")
        }
        self.init(
            number: number, callerID: element["callerId"], action: element["action"],
            timeoutSeconds: try element.whole("timeout", default: 30))
    }
}

extension XMLElement {
    /// The element's text without the white space around it.
    fileprivate func body(_ what: String) throws(TwiMLError) -> String {
        let body = text.drop(while: \.isWhitespace)
        guard let end = body.lastIndex(where: { !$0.isWhitespace }) else { throw .missing(verb: name, what: what) }
        return String(body[...end])
    }

    fileprivate func whole(_ attribute: String, default standard: Int) throws(TwiMLError) -> Int {
        guard let written = self[attribute] else { return standard }
        guard let value = Int(written, radix: 10), (0...86_400).contains(value) else {
            throw .invalid(verb: name, attribute: attribute)
        }
        return value
    }
}
