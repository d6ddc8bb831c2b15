import Encoding
import Foundation
import TwilioProtocol
import WebSocketTransport

#if canImport(Glibc)
    import Glibc
#endif

/// The carrier account of a gateway that has none and is reached from this machine alone: `parley serve` makes it once, in a
/// file that only its user can read, and whoever can read it, `parley call` above all, may call.
///
/// It is an account like any other: webhooks are signed with its token, which nobody can guess. A gateway that others can
/// reach has to be given one.
package struct LocalAccount: Equatable, Sendable {
    package enum Failure: Error, Equatable, CustomStringConvertible {
        case disk(operation: String, path: String, code: Int32)
        /// Others could have read it, or put it there.
        case unsafe(path: String, why: String)
        case unreadable(path: String)

        package var description: String {
            switch self {
            case .disk(let operation, let path, let code):
                "the local carrier account: \(operation) of \(path) failed: \(String(cString: strerror(code)))"
            case .unsafe(let path, let why):
                "the local carrier account in \(path) is not used: \(why); remove it, and parley serve makes another"
            case .unreadable(let path):
                "the local carrier account in \(path) is damaged; remove it, and parley serve makes another"
            }
        }
    }

    /// Where a simulated carrier on this machine has its REST API, `parley carrier` as well.
    package static let carrierURL = "http://127.0.0.1:8091"
    private static let fileBytesMax = 4_096

    package let accountSid: String
    package let authToken: String
    /// Opens the API, in place of `PARLEY_JWT_SECRET`.
    package let apiSecret: String

    private init() {
        func hex(_ bytes: Int) -> String {
            Hex.random(bytes: bytes)
        }
        accountSid = "AC" + hex(16)
        authToken = hex(32)
        apiSecret = hex(32)
    }

    package static func path(in dataDirectory: String) -> String { dataDirectory + "/local-account.json" }

    /// The account of a data directory, made when there is none.
    package static func obtain(in dataDirectory: String) throws(Failure) -> LocalAccount {
        if let account = try read(in: dataDirectory) { return account }
        do {
            try FileManager.default.createDirectory(
                atPath: dataDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        } catch {
            throw .disk(operation: "creation", path: dataDirectory, code: errno)
        }
        try LocalAccount().write(to: path(in: dataDirectory))
        // Another process may have been faster: what is there counts.
        guard let account = try read(in: dataDirectory) else { throw .unreadable(path: path(in: dataDirectory)) }
        return account
    }

    /// Nil when there is none.
    package static func read(in dataDirectory: String) throws(Failure) -> LocalAccount? {
        let path = path(in: dataDirectory)
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            if errno == ELOOP { throw .unsafe(path: path, why: "it is a symbolic link") }
            throw .disk(operation: "opening", path: path, code: errno)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .disk(operation: "inspection", path: path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unsafe(path: path, why: "it is no regular file") }
        guard status.st_mode & 0o077 == 0 else { throw .unsafe(path: path, why: "others may read it (chmod 600)") }
        guard status.st_uid == geteuid() else { throw .unsafe(path: path, why: "it belongs to another user") }
        guard status.st_size <= fileBytesMax else { throw .unreadable(path: path) }
        let data = FileHandle(fileDescriptor: file, closeOnDealloc: false).readDataToEndOfFile()
        guard let account = LocalAccount(json: data) else { throw .unreadable(path: path) }
        return account
    }

    private init?(json: Data) {
        guard let fields = try? JSONDecoder().decode([String: String].self, from: json),
            let accountSid = fields["account_sid"], let authToken = fields["auth_token"],
            let apiSecret = fields["api_secret"]
        else { return nil }
        func isHex(_ text: some StringProtocol, _ count: Int) -> Bool {
            text.utf8.count == count
                && text.utf8.allSatisfy { $0.isASCIIDigit || (0x61...0x66).contains($0) }
        }
        guard accountSid.hasPrefix("AC"), isHex(accountSid.dropFirst(2), 32), isHex(authToken, 64), isHex(apiSecret, 64)
        else { return nil }
        (self.accountSid, self.authToken, self.apiSecret) = (accountSid, authToken, apiSecret)
    }

    /// Puts the whole file there at once, and leaves one that is there already alone.
    private func write(to path: String) throws(Failure) {
        let text = """
            {
              "account_sid": "\(accountSid)",
              "auth_token": "\(authToken)",
              "api_secret": "\(apiSecret)"
            }

            """
        let new = path + ".\(getpid())"
        unlink(new)
        let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .disk(operation: "creation", path: new, code: errno) }
        defer { unlink(new) }
        let bytes = Array(text.utf8)
        let written = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        let isSafe = written == bytes.count && fsync(file) == 0
        let code = errno
        close(file)
        guard isSafe else { throw .disk(operation: "writing", path: new, code: code) }
        guard link(new, path) == 0 || errno == EEXIST else {
            throw .disk(operation: "linking", path: path, code: errno)
        }
    }
}

extension GatewayConfig {
    /// How the gateway is reached: as the carrier reaches it, or at its listener.
    package var listenerURL: String { publicURL ?? "\(tls == nil ? "http" : "https")://\(listen)" }

    /// Whether nobody but this machine reaches the gateway, as far as the settings tell.
    package var isForThisMachineOnly: Bool {
        guard GatewayConfig.isLoopback(listen.host), carrier == nil, !acceptUnsignedWebhooks else { return false }
        let others = [publicURL, carrierURL == TwilioREST.standardBaseURL ? nil : carrierURL].compactMap(\.self)
        return others.allSatisfy { URLComponents(string: $0)?.host.map(GatewayConfig.isLoopback) ?? false }
    }

    /// Takes the data directory's own account where no account is set and nobody else reaches the gateway.
    ///
    /// - Parameter isMade: whether one is to be made where there is none.
    /// - Returns: whether it was taken.
    package mutating func takeLocalAccount(isMade: Bool) throws(LocalAccount.Failure) -> Bool {
        guard isForThisMachineOnly else { return false }
        let found =
            isMade ? try LocalAccount.obtain(in: dataDirectory) : try LocalAccount.read(in: dataDirectory)
        guard let account = found else { return false }
        let url = carrierURL == TwilioREST.standardBaseURL ? LocalAccount.carrierURL : carrierURL
        carrier = Carrier(accountSid: account.accountSid, authToken: account.authToken, apiURL: url)
        if jwtSecret == nil { jwtSecret = Array(account.apiSecret.utf8) }
        return true
    }

    static func isLoopback(_ host: String) -> Bool {
        let bare = host.hasPrefix("[") ? host.dropFirst().dropLast() : host[...]
        if bare == "localhost" || bare == "::1" { return true }
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
