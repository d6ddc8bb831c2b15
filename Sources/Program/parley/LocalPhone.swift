import API
import Gateway
import SimulatedCarrier
import WebSocketTransport

/// The phone of browsers on this machine: a simulated carrier that is up beside a gateway of this process, which it reaches
/// over its sockets as any carrier does. Its port is taken before the gateway starts, since the console's policy names it.
struct LocalPhone: Sendable {
    let port: Int
    private let tickets = PhoneTickets()

    init() throws { port = try FreePort.take() }

    /// What the gateway is told of it.
    var offered: BrowserPhone {
        let tickets = tickets
        return BrowserPhone(
            url: "ws://127.0.0.1:\(port)\(PhoneDesk.path)", number: CarrierConfig.numberStandard,
            from: PhoneDesk.callerStandard,
            callers: PhoneDesk.callers(.builtIn).map { BrowserPhone.PhoneCaller(name: $0.name, about: $0.about) },
            ticketSeconds: PhoneTickets.seconds, ticket: { tickets.issue(for: $0) })
    }

    var listen: ListenAddress { ListenAddress(host: "127.0.0.1", port: port) }

    /// Phones for the pages of that gateway, at whichever of this machine's names a browser has it.
    func desk(for gateway: Gateway) -> PhoneDesk {
        let scheme = gateway.config.tls == nil ? "http" : "https"
        var origins: Set<String> = []
        for host in ["127.0.0.1", "localhost", "[::1]", gateway.config.listen.host] {
            origins.insert(LoginSite.origin(of: "\(scheme)://\(host):\(gateway.port)"))
        }
        origins.insert(LoginSite.origin(of: gateway.publicURL))
        return PhoneDesk(tickets: tickets, origins: origins)
    }

    /// Its own carrier, where there is none yet.
    func carrier(for gateway: Gateway, _ account: GatewayConfig.Carrier, _ loops: LoopGroup) async throws
        -> SimulatedCarrier
    {
        var config = CarrierConfig(
            accountSid: account.accountSid, authToken: account.authToken, voiceURL: gateway.publicURL + "/twilio/voice",
            statusURL: gateway.publicURL + "/twilio/status", listen: listen)
        config.phones = desk(for: gateway)
        return try await SimulatedCarrier.start(config, loops: loops)
    }
}
