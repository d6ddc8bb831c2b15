import Foundation
import Glibc
import TestSupport
import Testing

/// A loop of the gateway's process that stands for good: somebody notices.
@Suite(.serialized, .staged) struct StandingLoopTests {
    private struct Failed: Error { let what: String }

    /// Has the function of that name in a running gateway go round in circles from its next call on.
    private static func hang(_ function: String, in gateway: GatewayProcess) throws {
        let names = try OutsideProgram.run("nm", [GatewayProcess.executable.path])
        guard let line = names.split(separator: "\n").first(where: { $0.hasSuffix(" T \(function)") }),
            let offset = UInt64(line.prefix(16), radix: 16),
            let maps = try? String(contentsOfFile: "/proc/\(gateway.pid)/maps", encoding: .utf8),
            // Under a sanitizer other memory lies before the program's own.
            let own = maps.split(separator: "\n").first(where: {
                $0.hasSuffix("/" + GatewayProcess.executable.lastPathComponent)
            }),
            let base = UInt64(own.prefix { $0 != "-" }, radix: 16)
        else { throw Failed(what: "no \(function) in \(GatewayProcess.executable.path)") }
        #if arch(arm64)
            let jumpToItself: [UInt8] = [0x00, 0x00, 0x00, 0x14]
        #else
            let jumpToItself: [UInt8] = [0xEB, 0xFE]
        #endif
        let memory = open("/proc/\(gateway.pid)/mem", O_RDWR)
        defer { close(memory) }
        guard pwrite(memory, jumpToItself, jumpToItself.count, off_t(base + offset)) == jumpToItself.count else {
            throw Failed(what: "memory of \(gateway.pid): \(String(cString: strerror(errno)))")
        }
    }

    @Test(.timeLimit(.minutes(20)))
    func `a gateway whose door stands ends within seconds, and says so`() async throws {
        let database = try await TemporaryDatabase.make(connectionsMax: 4)
        let port = try HeldPort.take()
        let gateway = try GatewayProcess.onStage([
            "PARLEY_LISTEN": "127.0.0.1:\(port)", "PARLEY_DATA_DIR": Props.directory("standing"),
            "PARLEY_DATABASE_URL": database.appURL, "PARLEY_TWILIO_ACCOUNT_SID": Stage.accountSid,
            "PARLEY_TWILIO_AUTH_TOKEN": Stage.authToken, "PARLEY_TWILIO_API_URL": "http://127.0.0.1:1",
        ])
        try await gateway.untilReady()

        try Self.hang("parley_accept", in: gateway)
        // A connection of its own: one that is there already needs nobody who accepts it.
        let knock = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(knock) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(knock, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        #expect(isConnected)
        let (status, errors) = try await gateway.ending(within: 120)

        #expect(status == SIGABRT)
        #expect(errors.contains("an event loop stands") && errors.contains("door"), "\(errors.suffix(2_000))")
    }
}
