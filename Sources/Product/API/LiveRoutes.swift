import Endpoints

/// The events of live calls, as they happen.
enum LiveRoutes {
    static func watch(_ upgrade: Endpoint.Upgrade) -> Endpoint {
        Endpoint(
            .get, "/api/v1/live", id: "live", .handshake,
            "WebSocket: a text frame of JSON for each event of a live call.",
            shape: InputShape(query: LiveFeed.query),
            answers: [Endpoint.Answer(101, "Events follow, until what brought one in is over (code 1008).")],
            .upgrade(upgrade))
    }
}
