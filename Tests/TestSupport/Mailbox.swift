import Foundation

/// A mail server of somebody else's, Python's aiosmtpd, on loopback: takes mails, and says what they were.
package struct Mailbox: Sendable {
    /// What Python's own parser reads, or what the server did instead of taking a mail.
    package struct Meeting: Decodable, Sendable {
        package var refused: String?
        package var busy: String?
        package var stranger: String?
        package var envelope: [String]?
        package var tls: Bool?
        package var login: String?
        package var headers: [String]?
        package var from: [[String]]?
        package var to: [[String]]?
        package var subject: String?
        package var id: String?
        package var date: String?
        package var defects: [String]?
        package var text: String?
        /// Bytes of its longest line.
        package var longest: Int?
    }

    package let port: Int
    private let said: Task<String, any Error>

    /// - Parameter meetings: after so many it ends.
    package static func open(meetings: Int, _ options: [String] = []) async throws -> Mailbox {
        let port = try HeldPort.take()
        let said = Task.detached {
            try await PythonEnvironment.run(
                "python", [Checkout.path("Tests/python/mailbox.py"), "\(port)", "\(meetings)"] + options, within: 60)
        }
        // The environment is made when the first test asks for it, which takes a while.
        for _ in 0..<15_000 {
            if OutsideProgram.isListening(port) { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        return Mailbox(port: port, said: said)
    }

    /// All of them, in their order, once there have been as many as were asked for.
    package func meetings() async throws -> [Meeting] {
        try await said.value.split(separator: "\n").filter { $0.first == "{" }.map {
            try JSONDecoder().decode(Meeting.self, from: Data($0.utf8))
        }
    }
}
