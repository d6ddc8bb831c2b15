import Endpoints
import FoundationEssentials
import WebSocketTransport

/// Where browsers call from, and by whose leave. Whoever starts the gateway brings it, and runs the carrier behind it.
package struct BrowserPhone: Sendable {
    /// A caller that speaks from recordings.
    package struct PhoneCaller: Codable, Sendable {
        package var name: String
        package var about: String
        package init(name: String, about: String) {
            self.name = name
            self.about = about
        }
    }

    /// A WebSocket's address, which the console's policy lets its page open.
    package var url: String
    /// Called and caller's, where the page gives none.
    package var number: String
    package var from: String
    package var callers: [PhoneCaller]
    package var ticketSeconds: Int
    /// Good for one call of somebody's; nil when they have too many.
    package var ticket: @Sendable (_ holder: String) -> String?

    package init(
        url: String, number: String, from: String, callers: [PhoneCaller], ticketSeconds: Int,
        ticket: @escaping @Sendable (_ holder: String) -> String?
    ) {
        self.url = url
        self.number = number
        self.from = from
        self.callers = callers
        self.ticketSeconds = ticketSeconds
        self.ticket = ticket
    }

    /// Scheme, host and port of ``url``, as a policy names them.
    var source: String { url.split(separator: "/", maxSplits: 2).prefix(2).joined(separator: "//") }
}

/// The browser as a phone: whether it can be one here, and leave to.
enum PhoneRoutes {
    struct PhoneView: Codable, Sendable {
        var available: Bool
        var number: String?
        var from: String?
        var callers: [BrowserPhone.PhoneCaller]
    }

    struct PhoneTicket: Codable, Sendable {
        /// Of the WebSocket.
        var url: String
        /// Its second subprotocol, after `bearer`.
        var ticket: String
        var expiresAt: Date
    }

    static func routes(_ phone: BrowserPhone?) -> [Endpoint] {
        [
            .get(
                "/api/v1/phone", id: "getPhone", .role(.agent),
                "Whether a browser can be a phone here: through a simulated carrier, on this machine alone.",
                NoInput.self, PhoneView.self
            ) { _, _ in
                try .value(
                    PhoneView(
                        available: phone != nil, number: phone?.number, from: phone?.from, callers: phone?.callers ?? []
                    ))
            },
            .act(
                .post, "/api/v1/phone/tickets", id: "createPhoneTicket", .role(.agent),
                "Leave to open the phone once, shortly: its WebSocket's subprotocols are `bearer` and the ticket.",
                NoInput.self, PhoneTicket.self, status: 201, problems: [404, 429]
            ) { context, _ in
                guard let phone else { throw Problem.noPhone }
                let principal = try context.principal
                guard let ticket = phone.ticket("\(principal.tenant) \(principal.subject)") else {
                    throw Problem.tooMany("There are tickets enough that nobody has used.", retryAfterSeconds: 10)
                }
                let expiresAt = context.now.addingTimeInterval(Double(phone.ticketSeconds))
                return try .value(PhoneTicket(url: phone.url, ticket: ticket, expiresAt: expiresAt), status: 201)
                    .with([(name: "cache-control", value: "no-store")])
            },
        ]
    }
}

extension Problem {
    fileprivate static let noPhone = Problem(
        status: 404, title: "No phone here",
        detail: "A browser is a phone where nobody but this machine reaches the gateway and no carrier is set.")
}
