import CallModel
import Encoding
import Foundation
import TwilioProtocol
import WebSocketTransport

/// A call as it is at one moment, for those who ask the REST interface.
struct CallShown: Sendable {
    let setup: SimulatedCall.Setup
    let status: String
    let createdAt: Date
    let answeredAt: Date?
    let endedAt: Date?
    private let accountSid: String
    private let verstat: String?

    init(_ call: SimulatedCall, status: String, answeredAt: Date?, endedAt: Date?) {
        setup = call.setup
        createdAt = call.createdAt
        accountSid = call.config.accountSid
        verstat = call.options.voiceFields.first { $0.0 == "StirVerstat" }?.1
        (self.status, self.answeredAt, self.endedAt) = (status, answeredAt, endedAt)
    }

    /// Every field of the carrier's call resource, as its libraries expect them.
    var resource: WireJSON {
        let seconds = endedAt.map { ended in
            String(Int((ended.timeIntervalSince(answeredAt ?? ended)).rounded(.up)))
        }
        let uri = "/2010-04-01/Accounts/\(accountSid)/Calls/\(setup.callSid.text)"
        var subresources = WireObject()
        for part in Self.subresources { subresources[part] = .string("\(uri)/\(Self.path(of: part)).json") }
        return .object([
            "sid": .string(setup.callSid.text), "account_sid": .string(accountSid), "status": .string(status),
            "direction": .string(setup.direction), "to": .string(setup.to),
            "to_formatted": .string(Self.formatted(setup.to)), "from": .string(setup.from),
            "from_formatted": .string(Self.formatted(setup.from)), "api_version": "2010-04-01",
            "answered_by": setup.detectsMachines ? .string(setup.callee.answeredBy) : .null,
            "duration": Self.optional(seconds), "start_time": Self.optional(answeredAt.map(CarrierDate.rfc2822)),
            "end_time": Self.optional(endedAt.map(CarrierDate.rfc2822)), "price": .null, "price_unit": "USD",
            "queue_time": "0", "parent_call_sid": .null, "phone_number_sid": .null, "group_sid": .null,
            "forwarded_from": .null, "caller_name": .null, "trunk_sid": .null, "annotation": .null,
            "stir_verstat": Self.optional(verstat), "date_created": .string(CarrierDate.rfc2822(createdAt)),
            "date_updated": .string(CarrierDate.rfc2822(endedAt ?? answeredAt ?? createdAt)),
            "uri": .string(uri + ".json"), "subresource_uris": .object(subresources),
        ])
    }

    private static let subresources = [
        "events", "notifications", "payments", "recordings", "siprec", "streams", "transcriptions",
        "user_defined_message_subscriptions", "user_defined_messages",
    ]

    private static func optional(_ text: String?) -> WireJSON { text.map { .string($0) } ?? .null }

    /// `(415) 555-0100`; numbers of other plans as they are.
    private static func formatted(_ number: String) -> String {
        guard number.hasPrefix("+1"), number.utf8.count == 12 else { return number }
        let digits = Array(number.dropFirst(2))
        return "(\(String(digits[..<3]))) \(String(digits[3..<6]))-\(String(digits[6...]))"
    }

    /// `user_defined_messages` → `UserDefinedMessages`.
    private static func path(of part: String) -> String {
        part.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}

/// `GET Calls.json`: which calls, and how many of them at once.
struct CallListRequest: Sendable {
    enum Mistake: Error, Equatable, CustomStringConvertible {
        case invalid(name: String)

        var description: String {
            switch self {
            case .invalid(let name): "Invalid value for `\(name)`"
            }
        }
    }

    private static let pageSizes = 1...1_000
    private static let pageSizeDefault = 50
    private static let tokenPrefix = "PA"

    let pageSize: Int
    let page: Int
    /// The last call of the page before.
    let after: CallSid?
    private let fields: [FormField]
    private let spans: [Span]

    /// Calls that began, or ended, in `range`.
    private struct Span: Sendable {
        var isEnd: Bool
        var range: Range<Date>
    }

    init(_ fields: [FormField]) throws(Mistake) {
        func whole(_ name: String, in range: ClosedRange<Int>, else fallback: Int) throws(Mistake) -> Int {
            guard let written = fields[name], !written.isEmpty else { return fallback }
            guard let number = Int(written), range.contains(number) else { throw .invalid(name: name) }
            return number
        }
        self.fields = fields
        pageSize = try whole("PageSize", in: Self.pageSizes, else: Self.pageSizeDefault)
        page = try whole("Page", in: 0...1_000_000, else: 0)
        if let token = fields["PageToken"], !token.isEmpty {
            guard token.hasPrefix(Self.tokenPrefix), let sid = CallSid(String(token.dropFirst(2))) else {
                throw .invalid(name: "PageToken")
            }
            after = sid
        } else {
            after = nil
        }
        var spans: [Span] = []
        for field in fields {
            for (name, isEnd) in [("StartTime", false), ("EndTime", true)] where field.name.hasPrefix(name) {
                guard let moment = CarrierDate.moment(field.value) else { throw .invalid(name: field.name) }
                switch field.name.dropFirst(name.count) {
                case "<": spans.append(Span(isEnd: isEnd, range: .distantPast..<moment.date))
                case ">": spans.append(Span(isEnd: isEnd, range: moment.date..<(.distantFuture)))
                case "": spans.append(Span(isEnd: isEnd, range: moment.date..<moment.dayAfter))
                default: throw .invalid(name: field.name)
                }
            }
        }
        self.spans = spans
    }

    func wants(_ call: CallShown) -> Bool {
        func matches(_ name: String, _ value: String) -> Bool { fields[name].map { $0.isEmpty || $0 == value } ?? true }
        guard matches("To", call.setup.to), matches("From", call.setup.from), matches("Status", call.status),
            matches("ParentCallSid", "")
        else { return false }
        return spans.allSatisfy { span in
            (span.isEnd ? call.endedAt : call.answeredAt).map { span.range.contains($0) } ?? false
        }
    }

    /// The query of another page of the same list.
    func query(page: Int, after: CallSid?) -> String {
        let kept = fields.filter { !["Page", "PageSize", "PageToken"].contains($0.name) }
        var query = kept + [FormField("PageSize", String(pageSize)), FormField("Page", String(page))]
        if let after { query.append(FormField("PageToken", Self.tokenPrefix + after.text)) }
        return FormURLEncoded.encode(query)
    }
}

extension CarrierDate {
    /// `2026-01-02` or `2026-01-02T03:04:05Z`, and the same moment a day later. Nil for anything else.
    static func moment(_ text: String) -> (date: Date, dayAfter: Date)? {
        let date =
            text.utf8.count == 10
            ? try? Date(text, strategy: .iso8601.year().month().day()) : try? Date(text, strategy: .iso8601)
        return date.map { ($0, $0.addingTimeInterval(86_400)) }
    }
}

extension SimulatedCarrier {
    func shown(_ call: SimulatedCall) async -> CallShown {
        let status = isCanceledInQueue(call.setup.callSid) ? "canceled" : await call.status
        return CallShown(call, status: status, answeredAt: await call.answeredAt, endedAt: await call.endedAt)
    }

    /// The newest first, a page at a time.
    func list(_ fields: [FormField]) async -> HTTPResponse {
        let request: CallListRequest
        do throws(CallListRequest.Mistake) {
            request = try CallListRequest(fields)
        } catch {
            return CarrierREST.error(400, 20_001, "\(error)")
        }
        var found: [CallShown] = []
        var hasMore = false
        let newest = Array(callsInOrder.reversed())
        let start = request.after.map { after in
            (newest.firstIndex { $0.setup.callSid == after } ?? newest.count - 1) + 1
        }
        for call in newest[(start ?? 0)...] {
            let shown = await shown(call)
            guard request.wants(shown) else { continue }
            if found.count == request.pageSize {
                hasMore = true
                break
            }
            found.append(shown)
        }
        let path = "/2010-04-01/Accounts/\(config.accountSid)/Calls.json?"
        let first = request.page * request.pageSize
        return .json(
            WireJSON.object([
                "calls": .array(found.map(\.resource)), "page": .integer(request.page),
                "page_size": .integer(request.pageSize), "start": .integer(first),
                "end": .integer(max(first, first + found.count - 1)),
                "uri": .string(path + request.query(page: request.page, after: request.after)),
                "first_page_uri": .string(path + request.query(page: 0, after: nil)), "previous_page_uri": .null,
                "next_page_uri": hasMore
                    ? .string(path + request.query(page: request.page + 1, after: found.last?.setup.callSid)) : .null,
            ]).text)
    }
}
