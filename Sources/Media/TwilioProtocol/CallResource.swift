package import CallModel
package import FoundationEssentials

/// A call as the REST API shows it. The fields not read here are left alone.
package struct CallResource: Equatable, Sendable, Codable {
    package var sid: CallSid
    package var accountSid: String
    package var status: CarrierCallStatus
    package var direction: CarrierDirection?
    package var to: String?
    package var from: String?
    package var answeredBy: AnsweredBy?
    /// Written as a string, null until the call is over.
    package var durationSeconds: Int?
    package var parentCallSid: CallSid?
    package var createdAt: Date?

    /// Clocks differ.
    private static let clockSecondsMax = 30.0

    /// Whether it may have been asked for at `moment` or later.
    package func isSince(_ moment: Date) -> Bool {
        createdAt.map { $0.timeIntervalSince(moment) > -Self.clockSecondsMax } ?? true
    }

    enum CodingKeys: String, CodingKey {
        case sid, status, direction, to, from
        case accountSid = "account_sid"
        case answeredBy = "answered_by"
        case durationSeconds = "duration"
        case parentCallSid = "parent_call_sid"
        case createdAt = "date_created"
    }

    package init(
        sid: CallSid, accountSid: String, status: CarrierCallStatus, direction: CarrierDirection?, to: String?,
        from: String?, answeredBy: AnsweredBy? = nil, durationSeconds: Int? = nil, parentCallSid: CallSid? = nil
    ) {
        self.sid = sid
        self.accountSid = accountSid
        self.status = status
        self.direction = direction
        self.to = to
        self.from = from
        self.answeredBy = answeredBy
        self.durationSeconds = durationSeconds
        self.parentCallSid = parentCallSid
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let written = try fields.decode(String.self, forKey: .sid)
        guard let sid = CallSid(written) else {
            throw DecodingError.dataCorruptedError(forKey: .sid, in: fields, debugDescription: "not a call id")
        }
        self.sid = sid
        accountSid = try fields.decode(String.self, forKey: .accountSid)
        status = try fields.decode(CarrierCallStatus.self, forKey: .status)
        direction = (try fields.decodeIfPresent(String.self, forKey: .direction)).flatMap { .init(rawValue: $0) }
        to = try fields.decodeIfPresent(String.self, forKey: .to)
        from = try fields.decodeIfPresent(String.self, forKey: .from)
        answeredBy = (try fields.decodeIfPresent(String.self, forKey: .answeredBy)).map {
            .init(rawValue: $0) ?? .unknown
        }
        durationSeconds = (try fields.decodeIfPresent(String.self, forKey: .durationSeconds)).flatMap {
            Int($0, radix: 10)
        }
        parentCallSid = (try fields.decodeIfPresent(String.self, forKey: .parentCallSid)).flatMap { CallSid($0) }
        createdAt = (try fields.decodeIfPresent(String.self, forKey: .createdAt)).flatMap {
            CarrierTimestamp.rfc2822($0)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(sid.text, forKey: .sid)
        try fields.encode(accountSid, forKey: .accountSid)
        try fields.encode(status, forKey: .status)
        try fields.encode(direction, forKey: .direction)
        try fields.encode(to, forKey: .to)
        try fields.encode(from, forKey: .from)
        try fields.encode(answeredBy, forKey: .answeredBy)
        try fields.encode(durationSeconds.map { String($0) }, forKey: .durationSeconds)
        try fields.encode(parentCallSid?.text, forKey: .parentCallSid)
        try fields.encode(createdAt.map { CarrierTimestamp.rfc2822($0) }, forKey: .createdAt)
    }

    /// The answer to create, update and fetch.
    package static func decode(status: Int, body: [UInt8]) throws(TwilioRESTError) -> CallResource {
        guard (200...299).contains(status) else { throw TwilioRESTError(status: status, body: body) }
        do {
            return try JSONDecoder().decode(CallResource.self, from: Data(body))
        } catch {
            throw TwilioRESTError(status: status, code: nil, message: "The answer is not a call resource.")
        }
    }

    /// The calls of one page of a list.
    package static func decodeList(status: Int, body: [UInt8]) throws(TwilioRESTError) -> [CallResource] {
        struct Page: Decodable { var calls: [CallResource] }
        guard (200...299).contains(status) else { throw TwilioRESTError(status: status, body: body) }
        do {
            return try JSONDecoder().decode(Page.self, from: Data(body)).calls
        } catch {
            throw TwilioRESTError(status: status, code: nil, message: "The answer is not a list of calls.")
        }
    }

    /// What the simulated carrier answers.
    package var json: [UInt8] { (try? JSONEncoder().encode(self)).map { Array($0) } ?? [] }
}
