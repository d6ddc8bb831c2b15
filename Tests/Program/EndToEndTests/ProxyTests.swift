import CallModel
import Database
import Foundation
import Gateway
import SpeechAgent
import TestSupport
import Testing
import TwilioProtocol
import WebSocketTransport

/// Calls through the real HAProxy and the real nginx, each with its file from `deploy`, TLS before them.
@Suite(.serialized, .staged) struct ProxyTests {
    enum Proxy: String, CaseIterable { case haproxy, nginx }

    @Test(arguments: Proxy.allCases, [false, true])
    func `a call comes through a proxy with the file deploy has for it`(_ proxy: Proxy, _ hasTLSBehind: Bool)
        async throws
    {
        let certificates = try Certificates()
        var part = ScriptedAgent.Part()
        part.onReady = { leg, _ in leg.speak("Hello, this is short") }
        let agent = try ScriptedAgent([part])
        let port = try HeldPort.take()
        let publicURL = "https://localhost:\(port)"
        var settings = ["PARLEY_PUBLIC_URL": publicURL]
        if hasTLSBehind {
            settings["PARLEY_TLS_CERT"] = certificates.server.certificatePath
            settings["PARLEY_TLS_KEY"] = certificates.server.keyPath
        }
        let stage = try await Stage.build(agentURL: agent.url, settings: settings)
        let front = try await Self.start(proxy, port, stage.gateway.port, hasTLSBehind, certificates)
        let hand = try HandCarrier(publicURL, authority: certificates.authority)
        let sid = HandCarrier.callSid()

        #expect(try await hand.send("GET", "/healthz", body: []).status == 200, "\(front.output)")
        for path in ["/metrics", "/readyz", "/%6detrics"] {
            #expect(try await hand.send("GET", path, body: []).status == 404, "\(path)")
        }
        #expect(try await hand.post("/twilio/voice", HandCarrier.fields(sid), signature: .wrong).status == 403)
        // Signed over the bytes as they came: a proxy that writes them anew would break it.
        let odd = "/twilio/voic%65?campaign=a%2fB+c%7E&x=%C3%BC,:@"
        #expect(try await hand.post(odd, HandCarrier.fields(HandCarrier.callSid())).status == 200)
        let stream = try await hand.ring(sid)
        #expect(stream.url.hasPrefix("wss://localhost:\(port)/"))
        #expect(try await hand.open(stream.url, signature: .wrong).isOpen == false)
        let socket = try await hand.talk(stream, callSid: sid)
        for number in 1...100 {
            socket.media(number)
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(await socket.waits { $0.mediaCount > 10 }, "\(front.output)")
        #expect(socket.closing == nil)
        socket.close()
        #expect(try await hand.post("/twilio/status", HandCarrier.fields(sid, status: "completed")).status == 204)

        let call = try #require(try await stage.finalizedCall(sid))
        #expect(try call.text("transcript").contains("Hello, this"))
        await hand.shutdown()
        await stage.strike()
        await agent.shutdown()
    }

    private static func start(
        _ proxy: Proxy, _ port: Int, _ gatewayPort: Int, _ hasTLSBehind: Bool, _ certificates: Certificates
    ) async throws -> OutsideProgram {
        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
        let folder = Checkout.path("deploy")
        let chain = try text(certificates.server.certificatePath)
        let key = try text(certificates.server.keyPath)
        var files = ["ca.pem": try text(certificates.authority)]
        switch proxy {
        case .haproxy:
            var settings = try edited(
                text("\(folder)/haproxy.cfg"),
                [("bind :443 ", "bind 127.0.0.1:\(port) "), ("/etc/haproxy/certs/parley.pem", "{folder}/parley.pem")])
            if hasTLSBehind {
                settings = try edited(
                    settings,
                    [
                        ("    server parley 127.0.0.1:8080 ", "    # "),
                        ("# server parley voice", "server parley voice"),
                        ("voice-1.internal:8443", "127.0.0.1:\(gatewayPort)"), ("voice-1.internal", "localhost"),
                        ("/etc/haproxy/parley-ca.pem", "{folder}/ca.pem"),
                    ])
            } else {
                settings = try edited(settings, [("127.0.0.1:8080", "127.0.0.1:\(gatewayPort)")])
            }
            files["haproxy.cfg"] = settings
            files["parley.pem"] = chain + key
            return try await OutsideProgram.start(
                "haproxy", ["-db", "-f", "{folder}/haproxy.cfg"], files: files, listeningOn: port)
        case .nginx:
            var site = try edited(
                text("\(folder)/nginx.conf"),
                [
                    ("listen 443 ssl", "listen 127.0.0.1:\(port) ssl"),
                    ("/etc/nginx/certs/parley.pem", "{folder}/parley.pem"),
                    ("/etc/nginx/certs/parley.key", "{folder}/parley.key"),
                    ("http://127.0.0.1:8080", "http\(hasTLSBehind ? "s" : "")://127.0.0.1:\(gatewayPort)"),
                ])
            if hasTLSBehind {
                site = try edited(
                    site,
                    [
                        ("# proxy_ssl_", "proxy_ssl_"), ("/etc/nginx/parley-ca.pem", "{folder}/ca.pem"),
                        ("proxy_ssl_name voice-1.internal", "proxy_ssl_name localhost"),
                    ])
            }
            files["parley.conf"] = site
            files["parley.pem"] = chain
            files["parley.key"] = key
            let scratch = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path {folder}/\($0);" }
            files["nginx.conf"] = """
                daemon off; master_process off; pid {folder}/pid;
                events {}
                http { access_log off; \(scratch.joined(separator: " ")) include {folder}/parley.conf; }
                """
            return try await OutsideProgram.start(
                "nginx", ["-e", "stderr", "-c", "{folder}/nginx.conf"], files: files, listeningOn: port)
        }
    }

    /// The file as somebody would edit it for another machine; what is to be changed must be there.
    private static func edited(_ text: String, _ edits: [(from: String, to: String)]) throws -> String {
        try edits.reduce(text) { text, edit in
            try #require(text.contains(edit.from), "the file no longer says: \(edit.from)")
            return text.replacing(edit.from, with: edit.to)
        }
    }
}
