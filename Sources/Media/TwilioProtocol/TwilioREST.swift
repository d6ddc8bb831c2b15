package import CallModel
package import Encoding

/// Requests to the carrier's REST API as values; whoever holds a socket sends them.
package enum TwilioREST {
    package static let standardBaseURL = "https://api.twilio.com"

    /// Who asks: the account, and an API key (`SK…`, recommended) or the account's own token. Prints without the secret.
    package struct Credentials: Sendable, CustomStringConvertible {
        package let accountSid: String
        package let username: String
        private let password: String

        package init(accountSid: String, username: String, password: String) {
            self.accountSid = accountSid
            self.username = username
            self.password = password
        }

        package init(accountSid: String, authToken: String) {
            self.init(accountSid: accountSid, username: accountSid, password: authToken)
        }

        /// The value of `Authorization`. A secret: never log it.
        package var authorization: String { "Basic " + Base64.encode(Array("\(username):\(password)".utf8)) }

        package var description: String { "\(accountSid) as \(username), •••" }
    }

    package struct Request: Equatable, Sendable {
        package var method: String
        /// Absolute path on the API's host, query included.
        package var path: String
        /// `application/x-www-form-urlencoded`; nil for GET.
        package var body: String?
        /// The value of `Authorization`. A secret: never log it.
        package var authorization: String

        package static let contentType = "application/x-www-form-urlencoded"
    }

    package static func create(_ call: CreateCall, as credentials: Credentials) -> Request {
        request("POST", "Calls.json", call.form, credentials)
    }

    package static func update(_ callSid: CallSid, _ update: CallUpdate, as credentials: Credentials) -> Request {
        request("POST", "Calls/\(callSid).json", update.form, credentials)
    }

    package static func fetch(_ callSid: CallSid, as credentials: Credentials) -> Request {
        request("GET", "Calls/\(callSid).json", nil, credentials)
    }

    /// Lists calls between two numbers: what tells whether an ambiguous create made one. Eventually consistent.
    package static func list(to: String, from: String, as credentials: Credentials) -> Request {
        request(
            "GET", "Calls.json?" + FormURLEncoded.encode([FormField("To", to), FormField("From", from)]), nil,
            credentials)
    }

    private static func request(
        _ method: String, _ resource: String, _ form: [FormField]?, _ credentials: Credentials
    ) -> Request {
        Request(
            method: method, path: "/2010-04-01/Accounts/\(credentials.accountSid)/\(resource)",
            body: form.map { FormURLEncoded.encode($0) }, authorization: credentials.authorization)
    }
}

/// `POST Calls.json`: rings somebody. There is no idempotency key: put the attempt's id into `url` and `statusCallback`.
package struct CreateCall: Equatable, Sendable {
    package enum Instructions: Equatable, Sendable {
        /// Asked when the call is answered.
        case url(String)
        /// At most 4000 characters.
        case twiml(String)
    }

    package enum StatusEvent: String, Sendable, CaseIterable { case initiated, ringing, answered, completed }

    package enum MachineDetection: String, Sendable {
        case enable = "Enable"
        case detectMessageEnd = "DetectMessageEnd"
    }

    package var to: String
    package var from: String
    package var instructions: Instructions
    package var fallbackURL: String?
    package var statusCallback: String?
    package var statusEvents: [StatusEvent] = StatusEvent.allCases
    /// Ring time, at most 600.
    package var timeoutSeconds: Int?
    /// Longest call: a cost guard, always to be set.
    package var timeLimitSeconds: Int?
    /// Disables machine detection.
    package var sendDigits: String?
    package var callToken: String?
    package var callReason: String?
    package var machineDetection: MachineDetection?
    /// 3–59.
    package var machineDetectionTimeoutSeconds: Int?
    /// 1000–6000.
    package var speechThresholdMs: Int?
    /// 500–5000.
    package var speechEndThresholdMs: Int?
    /// 2000–10000.
    package var silenceTimeoutMs: Int?
    /// Set: detection runs beside the call and reports here.
    package var asyncDetectionCallback: String?

    package init(to: String, from: String, instructions: Instructions) {
        self.to = to
        self.from = from
        self.instructions = instructions
    }

    package var form: [FormField] {
        var form = [FormField("To", to), FormField("From", from)]
        func add(_ name: String, _ value: String?) {
            if let value { form.append(FormField(name, value)) }
        }
        switch instructions {
        case .url(let url): add("Url", url)
        case .twiml(let twiml): add("Twiml", twiml)
        }
        add("FallbackUrl", fallbackURL)
        if let statusCallback {
            add("StatusCallback", statusCallback)
            for event in statusEvents { add("StatusCallbackEvent", event.rawValue) }
        }
        add("Timeout", timeoutSeconds.map { String($0) })
        add("TimeLimit", timeLimitSeconds.map { String($0) })
        add("SendDigits", sendDigits)
        add("CallToken", callToken)
        add("CallReason", callReason)
        if let machineDetection {
            add("MachineDetection", machineDetection.rawValue)
            add("MachineDetectionTimeout", machineDetectionTimeoutSeconds.map { String($0) })
            add("MachineDetectionSpeechThreshold", speechThresholdMs.map { String($0) })
            add("MachineDetectionSpeechEndThreshold", speechEndThresholdMs.map { String($0) })
            add("MachineDetectionSilenceTimeout", silenceTimeoutMs.map { String($0) })
            if let asyncDetectionCallback {
                add("AsyncAmd", "true")
                add("AsyncAmdStatusCallback", asyncDetectionCallback)
            }
        }
        return form
    }
}

/// `POST Calls/{CallSid}.json`: what is to happen to a live call.
package enum CallUpdate: Equatable, Sendable {
    /// Takes effect at once and tears down a running stream; the call lives on.
    case redirect(url: String)
    case twiml(TwiML)
    /// Hangs up, ringing calls too.
    case complete
    /// Only queued or ringing calls.
    case cancel

    package var form: [FormField] {
        switch self {
        case .redirect(let url): [FormField("Url", url), FormField("Method", "POST")]
        case .twiml(let twiml): [FormField("Twiml", twiml.xml)]
        case .complete: [FormField("Status", "completed")]
        case .cancel: [FormField("Status", "canceled")]
        }
    }
}
