import Foundation
import Glibc
import TestSupport
import Testing

@testable import WebSocketTransport

/// A proxy of Debian's in front of a server under test: a process of its own, with its settings in a temporary folder.
final class TestProxy: Sendable {
    enum Kind: String, CaseIterable, Sendable { case haproxy, haproxyReusingAlways, nginx }

    let port: Int
    private let process: pid_t
    private let folder: URL

    /// - Parameter certificates: the proxy speaks TLS with its clients; nil: it does not.
    init(_ kind: Kind, before server: Int, certificates: TestCertificates? = nil) async throws {
        let port = try HeldPort.take()
        self.port = port
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-proxy-\(UUID().uuidString)")
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let settings = folder.appending(path: "settings").path
        let arguments: [String]
        switch kind {
        case .haproxy, .haproxyReusingAlways:
            // A connection that our side closes while it is reused is none of the client's faults.
            let reuse =
                kind == .haproxy
                ? "" : "http-reuse always\n  retries 3\n  retry-on conn-failure empty-response"
            let tls = try certificates.map { " ssl crt \(try Self.joined($0, in: folder))" } ?? ""
            try Self.haproxy(listening: "127.0.0.1:\(port)\(tls)", server: server, reuse: reuse).write(
                toFile: settings, atomically: true, encoding: .utf8)
            arguments = ["/usr/sbin/haproxy", "-db", "-q", "-f", settings]
        case .nginx:
            let tls = certificates.map {
                " ssl; ssl_certificate \($0.path("server.pem")); ssl_certificate_key \($0.path("server.key"))"
            }
            try Self.nginx(listening: "127.0.0.1:\(port)\(tls ?? "")", server: server, folder: folder.path).write(
                toFile: settings, atomically: true, encoding: .utf8)
            arguments = ["/usr/sbin/nginx", "-p", folder.path, "-c", settings, "-e", folder.path + "/errors"]
        }
        process = try Self.spawn(arguments)
        let tls = certificates.map { ClientTLS.caFile($0.authority) }
        try await withTimeout(20) {
            while !(await onThread {
                let client = RawClient(port: port, tls: tls)
                client.send("GET /up HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return client.read(seconds: 20).hasPrefix("HTTP/1.1 200 ")
            }) { try await Task.sleep(for: .milliseconds(20)) }
        }
    }

    deinit {
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        try? FileManager.default.removeItem(at: folder)
    }

    private static func spawn(_ arguments: [String]) throws -> pid_t {
        var process: pid_t = 0
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        for descriptor: Int32 in 0...2 {
            posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_RDWR, 0)
        }
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        try #require(posix_spawn(&process, arguments[0], &files, nil, &words, environ) == 0, "\(arguments[0])")
        return process
    }

    /// Certificate and key in one file, as HAProxy reads them.
    private static func joined(_ certificates: TestCertificates, in folder: URL) throws -> String {
        let both = folder.appending(path: "both.pem")
        let parts = try ["server.pem", "server.key"].map { try Data(contentsOf: URL(filePath: certificates.path($0))) }
        try (parts[0] + parts[1]).write(to: both)
        return both.path
    }

    private static func haproxy(listening: String, server: Int, reuse: String) -> String {
        """
        global
          maxconn 400
        defaults
          mode http
          timeout connect 10s
          timeout client 90s
          timeout http-request 60s
          timeout server 60s
        frontend strangers
          bind \(listening)
          default_backend gateway
        backend gateway
          \(reuse)
          server gateway 127.0.0.1:\(server)

        """
    }

    private static func nginx(listening: String, server: Int, folder: String) -> String {
        """
        daemon off;
        master_process off;
        pid \(folder)/pid;
        events { worker_connections 400; }
        http {
          access_log off;
          client_body_temp_path \(folder)/body;
          proxy_temp_path \(folder)/proxy;
          fastcgi_temp_path \(folder)/fastcgi;
          uwsgi_temp_path \(folder)/uwsgi;
          scgi_temp_path \(folder)/scgi;
          client_max_body_size 0;
          upstream gateway { server 127.0.0.1:\(server); keepalive 8; }
          server {
            listen \(listening);
            location / {
              proxy_pass http://gateway;
              proxy_http_version 1.1;
              proxy_set_header Host $http_host;
              proxy_set_header Connection "";
              proxy_request_buffering off;
            }
          }
        }

        """
    }
}
