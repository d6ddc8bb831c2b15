import Endpoints
import WebSocketTransport

/// The events of live calls, as they happen.
enum LiveRoutes {
    static func routes(_ tickets: LiveTickets, _ upgrade: Endpoint.Upgrade) -> [Endpoint] {
        [watch(upgrade), ticket(tickets)]
    }

    private static func ticket(_ tickets: LiveTickets) -> Endpoint {
        .act(
            .post, "/api/v1/live/tickets", id: "createLiveTicket", .role(.agent),
            "A ticket to watch live calls with, for who cannot send a token in a handshake: a browser with a session.",
            NoInput.self, LiveTicket.self, problems: [429]
        ) { context, _ in
            let principal = try context.principal
            guard let ticket = tickets.issue(for: principal, at: context.now) else {
                throw Problem.tooMany("Too many tickets are out. Use those there are.", retryAfterSeconds: 30)
            }
            return try .value(LiveTicket(ticket: ticket, watchSeconds: Int(LiveTickets.watchSeconds)))
        }
    }

    private static func watch(_ upgrade: Endpoint.Upgrade) -> Endpoint {
        Endpoint(
            .get, "/api/v1/live", id: "live", .handshake,
            "WebSocket: a text frame of JSON for each event of a live call.",
            shape: InputShape(query: LiveFeed.query),
            answers: [Endpoint.Answer(101, "Events follow, until the token expires (close code 1008).")],
            .upgrade(upgrade))
    }
}
