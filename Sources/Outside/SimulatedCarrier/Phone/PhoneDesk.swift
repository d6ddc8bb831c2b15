import WebSocketTransport

/// The phones that browsers may call with: where they are, whom they are for, and who can speak in their place.
package struct PhoneDesk: Sendable {
    /// Of the carrier's listener.
    package static let path = "/phone"
    /// Of who calls, unless they say another.
    package static let callerStandard = "+14155550123"

    package let tickets: PhoneTickets
    /// Pages of these may open a phone, those of no others: `http://127.0.0.1:8080`.
    package let origins: Set<String>
    let files: CallerFiles

    package init(tickets: PhoneTickets, origins: Set<String>, files: CallerFiles = .builtIn) {
        self.tickets = tickets
        self.origins = origins
        self.files = files
    }

    /// What a page can be offered: people, not those who answer calls, by name, with a word on each.
    package static func callers(_ files: CallerFiles) -> [(name: String, about: String)] {
        files.scripts.filter { !$0.hasPrefix("callee-") }.compactMap { name in
            (try? CallerScript.load(named: name, from: files)).map { (name, $0.about) }
        }
    }

    /// A script by its name. A path is none.
    func script(_ name: String) throws(CallerScriptError) -> CallerScript {
        guard files.scripts.contains(name) else { throw .unreadable(path: name, reason: "there is no such caller") }
        return try CallerScript.load(named: name, from: files)
    }

    // MARK: The handshake

    /// On the door's thread: what is refused here costs the loop with the calls nothing.
    func refusal(of request: HTTPRequest) -> HTTPResponse? {
        guard let origin = request.header("origin"), origins.contains(origin.lowercased()) else {
            return .problem(403, detail: "A phone is opened by the gateway's own page, and by no other.")
        }
        guard let ticket = Self.ticket(of: request), tickets.isGood(ticket) else { return Self.noTicket }
        return nil
    }

    func upgrade(
        _ request: HTTPRequest, _ loop: MediaLoop, _ place: @escaping PhoneHandset.Place
    ) -> UpgradeDecision {
        guard let ticket = Self.ticket(of: request) else { return .refuse(Self.noTicket) }
        switch tickets.redeem(ticket) {
        case .refused: return .refuse(Self.noTicket)
        case .tooManyPhones:
            return .refuse(.problem(429, detail: "Too many phones are in use. Hang one up, and call again."))
        case .phone(let holder):
            return .accept(PhoneHandset(desk: self, holder: holder, loop: loop, place: place))
        }
    }

    private static let noTicket = HTTPResponse.problem(
        401, detail: "The ticket is not good, or not any more: POST /api/v1/phone/tickets gives another.")

    /// A browser's WebSocket sets no headers: `Sec-WebSocket-Protocol: bearer, <ticket>` stands in, and the address, which
    /// ends up in logs, says nothing.
    private static func ticket(of request: HTTPRequest) -> String? {
        let offers = request.headers.filter { $0.name == "sec-websocket-protocol" }.map(\.value)
            .joined(separator: ",").split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } }
        guard offers.count == 2, offers[0].lowercased() == "bearer" else { return nil }
        return offers[1]
    }
}
