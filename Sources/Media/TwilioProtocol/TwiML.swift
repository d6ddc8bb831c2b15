package import Encoding

/// One TwiML document: what the carrier does with a call, verb by verb. An empty one ends the call.
package struct TwiML: Equatable, Sendable {
    package var verbs: [Verb]

    package init(_ verbs: [Verb] = []) { self.verbs = verbs }

    package enum Verb: Equatable, Sendable {
        /// `<Connect><Stream>`: later verbs run once the WebSocket is closed.
        case connectStream(Stream)
        /// Fetches new TwiML; never returns.
        case redirect(url: String)
        case say(String)
        case play(url: String)
        case pause(seconds: Int)
        case dial(Dial)
        /// Records the caller only: a message, not the call.
        case record(maxLengthSeconds: Int, action: String?)
        case hangup
        /// Only as the first verb: the call is not answered.
        case reject(RejectReason)
    }

    package enum RejectReason: String, Sendable { case rejected, busy }

    package struct Stream: Equatable, Sendable {
        /// `wss`, absolute, without query.
        package var url: String
        package var name: String?
        /// Delivered in `start.customParameters`; name and value together stay under 500 characters.
        package var parameters: [FormField]
        package var statusCallback: String?

        package init(url: String, name: String? = nil, parameters: [FormField] = [], statusCallback: String? = nil) {
            self.url = url
            self.name = name
            self.parameters = parameters
            self.statusCallback = statusCallback
        }
    }

    package struct Dial: Equatable, Sendable {
        package var number: String
        package var callerID: String?
        /// Asked for what next when the dialled party is gone; verbs after `<Dial>` are not reached then.
        package var action: String?
        package var timeoutSeconds: Int

        package init(number: String, callerID: String? = nil, action: String? = nil, timeoutSeconds: Int = 30) {
            self.number = number
            self.callerID = callerID
            self.action = action
            self.timeoutSeconds = timeoutSeconds
        }
    }

    /// To be sent as `text/xml; charset=utf-8`. Nothing stands before the declaration.
    package static let contentType = "text/xml; charset=utf-8"
    /// Longest document the REST API takes inline.
    package static let inlineCharactersMax = 4_000

    package var xml: String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + element.xml
    }

    var element: XMLElement { XMLElement("Response", children: verbs.map(\.element)) }
}

extension TwiML.Verb {
    package static func connectStream(
        url: String, name: String? = nil, parameters: [FormField] = [], statusCallback: String? = nil
    ) -> TwiML.Verb {
        .connectStream(TwiML.Stream(url: url, name: name, parameters: parameters, statusCallback: statusCallback))
    }

    package static func dial(
        number: String, callerID: String? = nil, action: String? = nil, timeoutSeconds: Int = 30
    ) -> TwiML.Verb {
        .dial(TwiML.Dial(number: number, callerID: callerID, action: action, timeoutSeconds: timeoutSeconds))
    }

    fileprivate var element: XMLElement {
        switch self {
        case .connectStream(let stream):
            var noun = XMLElement("Stream", [("url", stream.url)])
            if let name = stream.name { noun.attributes.append(("name", name)) }
            if let callback = stream.statusCallback {
                noun.attributes += [("statusCallback", callback), ("statusCallbackMethod", "POST")]
            }
            noun.children = stream.parameters.map {
                XMLElement("Parameter", [("name", $0.name), ("value", $0.value)])
            }
            return XMLElement("Connect", children: [noun])
        case .redirect(let url): return XMLElement("Redirect", [("method", "POST")], text: url)
        case .say(let text): return XMLElement("Say", text: text)
        case .play(let url): return XMLElement("Play", text: url)
        case .pause(let seconds): return XMLElement("Pause", [("length", String(seconds))])
        case .dial(let dial):
            var attributes: [(String, String)] = []
            if let callerID = dial.callerID { attributes.append(("callerId", callerID)) }
            if let action = dial.action { attributes += [("action", action), ("method", "POST")] }
            attributes.append(("timeout", String(dial.timeoutSeconds)))
            return XMLElement("Dial", attributes, children: [XMLElement("Number", text: dial.number)])
        case .record(let maxLength, let action):
            var attributes = [("maxLength", String(maxLength))]
            if let action { attributes += [("action", action), ("method", "POST")] }
            return XMLElement("Record", attributes)
        case .hangup: return XMLElement("Hangup")
        case .reject(let reason): return XMLElement("Reject", [("reason", reason.rawValue)])
        }
    }
}
