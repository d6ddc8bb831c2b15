import Foundation

/// Certificate and key of a run with TLS, made for it and trusted by nobody else.
struct LoadTLS: Sendable {
    var certificate: String
    var key: String

    static func make(in folder: String) throws -> LoadTLS {
        let tls = LoadTLS(certificate: folder + "/certificate.pem", key: folder + "/key.pem")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj",
            "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", tls.key, "-out",
            tls.certificate,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw LoadTarget.Failure(description: "openssl could not make a certificate in \(folder)")
        }
        return tls
    }
}
