import Foundation
import Telemetry
import TestSupport
import Testing

@testable import Mail

/// Mails to somebody else's server, and what its reader makes of them.
@Suite(.serialized) struct MailSenderTests {
    static func server(_ box: Mailbox, scheme: String = "smtp") throws -> MailServer {
        let from = try #require(MailAddress("Parley \u{2013} the agent <parley@example.com>"))
        return MailServer(url: "\(scheme)://127.0.0.1:\(box.port)", from: from, needsTLS: false)
    }

    static func message(_ address: String = "ann@x.test", subject: String = "Hot lead: Acme") throws -> MailMessage {
        MailMessage(
            to: try #require(MailAddress(name: "Ann, \"the boss\"", address: address)), subject: subject,
            text: "Score 85.\n.\nAc\u{E9}me \u{1F600} \(String(repeating: "long ", count: 60))\n",
            id: "0f5c3d1e", date: Date(timeIntervalSince1970: 1_796_047_347))
    }

    static func send(_ message: MailMessage, _ server: MailServer) async -> MailSender.Answer {
        await MailSender(server, metrics: Metrics()).send(message, within: .seconds(20))
    }

    @Test func `a mail arrives as it was written, whatever its words are`() async throws {
        let box = try await Mailbox.open(meetings: 1)

        let answer = await Self.send(
            try Self.message(subject: "Hei\u{DF}: Acme & Söhne \u{1F525}"), try Self.server(box))

        let mail = try #require(try await box.meetings().first)
        #expect(answer == .taken)
        #expect(mail.envelope == ["parley@example.com", "ann@x.test"])
        #expect(mail.from == [["Parley \u{2013} the agent", "parley@example.com"]])
        #expect(mail.to == [["Ann, \"the boss\"", "ann@x.test"]])
        #expect(mail.subject == "Hei\u{DF}: Acme & Söhne \u{1F525}")
        #expect(mail.id == "<0f5c3d1e@example.com>" && mail.date == "2026-11-30T14:02:27+00:00")
        #expect(mail.text?.hasPrefix("Score 85.\n.\nAc\u{E9}me \u{1F600} long long ") == true, "\(mail.text ?? "")")
        #expect(mail.defects == [] && mail.longest ?? 0 <= 998)
        #expect(Set(mail.headers ?? []).isSuperset(of: ["mime-version", "content-type", "auto-submitted"]))
    }

    @Test(arguments: [
        "Hot\r\nBcc: all@x.test\r\n\r\nlead", "Hot\nBcc: all@x.test", "=?utf-8?B?SGk=?=",
        String(repeating: "\u{1F600}", count: 200), String(repeating: "x", count: 999), "",
    ])
    func `no subject becomes another header, another recipient or another text`(_ subject: String) async throws {
        let box = try await Mailbox.open(meetings: 1)

        let answer = await Self.send(try Self.message(subject: subject), try Self.server(box))

        let mail = try #require(try await box.meetings().first)
        #expect(answer == .taken && mail.envelope == ["parley@example.com", "ann@x.test"])
        #expect(mail.headers?.contains("bcc") == false)
        let plain = subject.replacing("\r\n", with: "  ").replacing("\n", with: " ")
        #expect(mail.subject == plain || mail.subject?.replacing(" ", with: "") == plain.replacing(" ", with: ""))
        #expect(mail.text?.hasPrefix("Score 85.") == true && mail.longest ?? 0 <= 998)
    }

    @Test func `what the server never takes is told from what it may take another time`() async throws {
        let box = try await Mailbox.open(meetings: 3)
        let server = try Self.server(box)

        let gone = await Self.send(try Self.message("ann@gone.test"), server)
        let busy = await Self.send(try Self.message("ann@busy.test"), server)
        let again = await Self.send(try Self.message("ann@busy.test"), server)
        _ = try await box.meetings()
        let away = await Self.send(try Self.message(), server)

        guard case .refused(let reason) = gone, case .failed = busy, case .failed = away else {
            Issue.record("\(gone), \(busy), \(away)")
            return
        }
        #expect(reason.contains("550") && again == .taken)
    }

    @Test func `nothing is said to a server without TLS where TLS is needed`() async throws {
        let box = try await Mailbox.open(meetings: 1)
        var server = try Self.server(box)
        server.needsTLS = true
        server.login = .init(user: "parley", password: "secret")

        let refused = await Self.send(try Self.message("ann@other.test"), server)
        server.needsTLS = false
        server.login = nil
        let taken = await Self.send(try Self.message(), server)

        guard case .failed = refused else {
            Issue.record("\(refused)")
            return
        }
        #expect(taken == .taken)
        #expect(try await box.meetings().map(\.envelope) == [["parley@example.com", "ann@x.test"]])
    }

    @Test func `a server is logged in to under TLS, and only one whose certificate is trusted`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-mail-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (certificate, key) = ("\(folder)/certificate.pem", "\(folder)/key.pem")
        _ = try await OutsideProgram.runBeside(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                "-subj", "/CN=mailbox", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ])
        let box = try await Mailbox.open(
            meetings: 2, ["--tls", certificate, key, "--login", "parley", "a secret"])
        var server = try Self.server(box)
        server.needsTLS = true
        server.login = .init(user: "parley", password: "a secret")

        let untrusted = await Self.send(try Self.message(), server)
        server.authoritiesPath = certificate
        let taken = await Self.send(try Self.message(), server)
        server.login?.password = "another"
        let stranger = await Self.send(try Self.message(), server)

        guard case .failed = untrusted, case .failed = stranger else {
            Issue.record("\(untrusted), \(stranger)")
            return
        }
        let meetings = try await box.meetings()
        #expect(taken == .taken && meetings.first?.tls == true && meetings.first?.login == "parley")
        #expect(meetings.last?.stranger == "parley")
    }

    @Test(
        arguments: [
            ("ann@x.test", nil, "ann@x.test"), ("Ann <ann@x.test>", "Ann", "ann@x.test"),
            ("\"Ann Lee\" <ann@x.test>", "Ann Lee", "ann@x.test"),
        ] as [(String, String?, String)])
    func `an address is read with its name or without`(_ text: String, _ name: String?, _ bare: String) throws {
        let address = try #require(MailAddress(text))

        #expect(address.name == name && address.address == bare && address.domain == "x.test")
    }

    @Test(arguments: [
        "", "ann", "ann@", "@x.test", "a@b@c", "ann@x..test", "ann@x.test\r\nRCPT TO:<b@c>", "ann @x.test",
        "<ann@x.test",
        "\u{E4}nn@x.test", "ann@\u{E4}.test", "ann@x.test>, <b@c", String(repeating: "a", count: 65) + "@x.test",
    ])
    func `what is no address is none`(_ text: String) {
        #expect(MailAddress(text) == nil)
        #expect(MailAddress(name: nil, address: text) == nil)
    }
}
