import Foundation
import Testing

@testable import WebSocketTransport

/// A certificate authority of our own and a server certificate from it, made by `openssl` for one test.
final class TestCertificates: Sendable {
    let directory: URL
    var authority: String { path("ca.pem") }
    var server: ServerTLS { ServerTLS(certificatePath: path("server.pem"), keyPath: path("server.key")) }

    /// - Parameter names: subject alternative names, in `openssl`'s spelling.
    init(names: String = "DNS:localhost,IP:127.0.0.1") throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "parley-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Data("subjectAltName=\(names)\n".utf8).write(to: directory.appending(path: "san"))
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        try openssl(
            ["req", "-x509", "-days", "2", "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.pem"] + curve)
        try openssl(["req", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr"] + curve)
        try openssl([
            "x509", "-req", "-days", "2", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-extfile", "san", "-out", "server.pem",
        ])
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func path(_ name: String) -> String { directory.appending(path: name).path }

    private func openssl(_ arguments: [String]) throws {
        try #require(runOpenSSL(arguments, in: directory.path) == 0)
    }
}

/// The exit status of `openssl`, quiet and without input. Foundation's `Process` leaks, which the leak check would show.
func runOpenSSL(_ arguments: [String], in directory: String = "/") -> Int32 {
    let quoted = (["openssl"] + arguments).map { "'\($0)'" }.joined(separator: " ")
    return system("cd '\(directory)' && \(quoted) </dev/null >/dev/null 2>&1")
}
