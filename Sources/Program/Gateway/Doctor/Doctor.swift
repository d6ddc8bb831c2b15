import API
import CallModel
import Database
import Encoding
import Foundation
import HTTPClient
import JOSE
import LocalSpeech
import Runtime
import TwilioProtocol
import WebSocketTransport

/// Looks at everything a gateway needs and says what is wrong and how to mend it. Changes nothing.
package struct Doctor: Sendable {
    package struct Finding: Sendable, Encodable {
        package enum State: String, Sendable, Encodable {
            case ok
            /// Not set up; local calls work without it.
            case missing
            /// Set up, and does not work.
            case broken
        }
        package var what: String
        package var state: State
        package var detail: String
        /// What to do about it; empty when nothing is to be done.
        package var mend: String
    }

    private let config: GatewayConfig
    /// Of a gateway that nobody else reaches and that has none from a carrier: whether its own account is there yet.
    private let localAccount: Result<Bool, LocalAccount.Failure>?

    package init(_ config: GatewayConfig) {
        self.config = config
        localAccount =
            config.isForThisMachineOnly
            ? Result { () throws(LocalAccount.Failure) in try LocalAccount.read(in: config.dataDirectory) != nil } : nil
    }

    package func examine() async -> [Finding] {
        var findings = [dataDirectory(), publicURL(), tls()]
        findings.append(await carrier())
        findings.append(await agent())
        findings.append(await database())
        findings.append(apiTokens())
        if let issuer = config.issuer { findings.append(await self.issuer(issuer)) }
        findings += [languageModel(), openFiles(), await priority()]
        return findings
    }

    private func ok(_ what: String, _ detail: String) -> Finding {
        Finding(what: what, state: .ok, detail: detail, mend: "")
    }
    private func missing(_ what: String, _ detail: String, _ mend: String) -> Finding {
        Finding(what: what, state: .missing, detail: detail, mend: mend)
    }
    private func broken(_ what: String, _ detail: String, _ mend: String) -> Finding {
        Finding(what: what, state: .broken, detail: detail, mend: mend)
    }

    private func dataDirectory() -> Finding {
        let path = config.dataDirectory
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let probe = FileManager.default.fileExists(atPath: path) ? path : parent
        return FileManager.default.isWritableFile(atPath: probe)
            ? ok("data directory", "\(path) can be written")
            : broken("data directory", "\(path) cannot be written", "set PARLEY_DATA_DIR to a directory of this user")
    }

    /// Media threads ask for it themselves when they start.
    private func priority() async -> Finding {
        let isPermitted = await withCheckedContinuation { answer in
            NamedThread.start("doctor") { answer.resume(returning: MediaFirst.goFirst()) }
        }
        return isPermitted
            ? ok("media priority", "media threads run before all others")
            : missing(
                "media priority", "real-time priority is not permitted: on a busy machine frames wait for other work",
                "allow it: LimitRTPRIO=1 in the service, or `ulimit -r 1` in the shell")
    }

    private func publicURL() -> Finding {
        let how = "set PARLEY_PUBLIC_URL to the https:// address the carrier reaches this machine by"
        guard let url = config.publicURL else { return missing("public URL", "not set", how) }
        guard url.hasPrefix("https://") else {
            return missing("public URL", "\(url) is not https: the carrier opens media streams over wss only", how)
        }
        return ok(
            "public URL",
            "\(url); set the number's voice webhook to \(url)/twilio/voice (POST) "
                + "and its status callback to \(url)/twilio/status (POST)")
    }

    private func tls() -> Finding {
        if config.tls != nil { return ok("TLS", "the listener speaks TLS itself") }
        if config.publicURL?.hasPrefix("https://") == true {
            return ok("TLS", "left to the proxy in front of \(config.listen.host):\(config.listen.port)")
        }
        return missing("TLS", "none", "set PARLEY_TLS_CERT and PARLEY_TLS_KEY, or put a TLS proxy in front")
    }

    private func carrier() async -> Finding {
        guard let carrier = config.carrier else {
            guard !config.acceptUnsignedWebhooks else {
                return broken(
                    "carrier", "unsigned webhooks are accepted", "unset PARLEY_INSECURE_ACCEPT_UNSIGNED_WEBHOOKS")
            }
            let how = "set PARLEY_TWILIO_ACCOUNT_SID and PARLEY_TWILIO_AUTH_TOKEN"
            switch localAccount {
            case nil: return missing("carrier", "no credentials", how)
            case .success(let isMade)?:
                let path = LocalAccount.path(in: config.dataDirectory)
                let account = isMade ? "the account in \(path)" : "an account that parley serve makes in \(path)"
                return missing("carrier", "none; this machine may call with \(account)", how)
            case .failure(let failure)?: return broken("carrier", "\(failure)", how)
            }
        }
        let basic = Base64.encode(Array("\(carrier.accountSid):\(carrier.authToken)".utf8))
        let request = OutgoingRequest(
            "GET", "\(carrier.apiURL)/2010-04-01/Accounts/\(carrier.accountSid)/Calls.json?PageSize=1",
            headers: [(name: "Authorization", value: "Basic \(basic)")])
        do {
            let answer = try await HTTPClient(answerBytesMax: 1 << 20).send(request, within: .seconds(8))
            switch answer.status {
            case 200: return ok("carrier", "\(carrier.apiURL) accepts the credentials of \(carrier.accountSid)")
            case 401, 403:
                return broken("carrier", "the carrier refuses the credentials", "check PARLEY_TWILIO_AUTH_TOKEN")
            case let status:
                return broken("carrier", "\(carrier.apiURL) answers \(status)", "check PARLEY_TWILIO_API_URL")
            }
        } catch {
            return broken("carrier", "\(error)", "check the network, then PARLEY_TWILIO_API_URL")
        }
    }

    private func agent() async -> Finding {
        switch config.agent {
        case .local:
            do {
                let audio = try Synthesizer.shared.speech("Hello.")
                return missing(
                    "speech agent", "the local agent will be used; its voice works (\(audio.count / 8) ms rendered)",
                    "set PARLEY_DEEPGRAM_API_KEY for Deepgram's")
            } catch {
                return broken("speech agent", "the local agent cannot speak: \(error)", "run make setup")
            }
        case .remote(let url, let apiKey):
            let closing = await AgentProbe.run(url: url, apiKey: apiKey)
            switch closing {
            case nil: return ok("speech agent", "\(url) accepts the connection")
            case .some(let closing) where closing.httpStatus == 401:
                return broken("speech agent", "\(url) refuses the key", "check PARLEY_DEEPGRAM_API_KEY")
            case .some(let closing):
                let why = closing.httpStatus.map { "answers \($0)" } ?? closing.error ?? "closes the connection"
                return broken("speech agent", "\(url): \(why)", "check PARLEY_AGENT_URL and the network")
            }
        }
    }

    private func database() async -> Finding {
        guard let url = config.databaseURL else {
            guard PrivateCluster.isInstalled else {
                return broken("database", "PostgreSQL's programs are not installed", "apt-get install postgresql")
            }
            guard let running = PrivateCluster.runningURL(dataDirectory: config.dataDirectory) else {
                return ok(
                    "database",
                    "a private PostgreSQL under \(config.dataDirectory), started and stopped by parley serve")
            }
            return await database(running, "the private PostgreSQL under \(config.dataDirectory) runs")
        }
        return await database(url, "connected")
    }

    private func database(_ url: String, _ state: String) async -> Finding {
        let database = Database(url: url, connectionsMax: 1)
        let finding: Finding
        do {
            let isPooled = try await database.unscoped { $0.isPooled }
            try await database.verifyRole()
            let stale = try await Migrator(ownerURL: url).status().filter { $0.state == .pending }.map(\.name)
            if stale.isEmpty {
                try await database.verifyFence()
                let pooled = "; through a pooler that lends a session for a transaction: somewhat slower, nothing lost"
                finding = ok(
                    "database", "\(state); the role is fenced in by row-level security" + (isPooled ? pooled : ""))
            } else {
                finding = broken(
                    "database", "the schema lacks \(stale.joined(separator: ", "))",
                    "parley migrate with PARLEY_DATABASE_OWNER_URL set")
            }
        } catch DatabaseError.fenceOpen(let gaps) {
            finding = broken(
                "database", "tenants are not kept apart: \(gaps.joined(separator: "; "))",
                "docs/operations.md, the tenant fence; for a table: set role parley_owner; select app.protect('TABLE')")
        } catch {
            finding = broken("database", "\(error)", "see PARLEY_DATABASE_URL; parley migrate prepares schema and role")
        }
        await database.close()
        return finding
    }

    private func apiTokens() -> Finding {
        if config.jwtSecret != nil { return ok("API", "open to tokens; parley token prints one") }
        if let issuer = config.issuer {
            let others = config.isForThisMachineOnly ? "and of this machine's own account" : "alone"
            return ok("API", "open to tokens of \(issuer.name) \(others)")
        }
        let how = "set PARLEY_JWT_SECRET, e.g. openssl rand -hex 32"
        return switch localAccount {
        case .success?: missing("API", "open to tokens of this machine's own account; parley token prints one", how)
        case .failure?, nil: missing("API", "closed: no token can be checked", how)
        }
    }

    private func issuer(_ issuer: GatewayConfig.Issuer) async -> Finding {
        do {
            let keys = try await TokenIssuer(issuer).refresh()
            let ignored = keys.ignored.map { "; not used: \($0)" }.joined()
            let count = keys.keys.count == 1 ? "one key" : "\(keys.keys.count) keys"
            return ok("token issuer", "\(count) at \(issuer.keysURL)\(ignored)")
        } catch {
            return broken(
                "token issuer", "\(error)", "see PARLEY_JWKS_URL: with no keys, no token of the issuer opens the API")
        }
    }

    private func languageModel() -> Finding {
        guard let model = config.languageModel else {
            return ok("extraction", "embedded rules (PARLEY_LLM_URL is not set; nothing is missing)")
        }
        return ok("extraction", "\(model.model) at \(model.url), the embedded rules when it fails")
    }

    private func openFiles() -> Finding {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let needed = config.callsMax * 2 + 200
        return limit.rlim_cur >= rlim_t(needed)
            ? ok("open files", "the limit of \(limit.rlim_cur) is enough for \(config.callsMax) calls")
            : broken(
                "open files", "the limit of \(limit.rlim_cur) is too low for \(config.callsMax) calls",
                "ulimit -n \(needed), or a smaller PARLEY_CALLS_MAX")
    }
}

/// Opens a connection to a speech agent and closes it again.
private final class AgentProbe: WebSocketHandler {
    private var answer: CheckedContinuation<WebSocketClosing?, Never>?

    private init(_ answer: CheckedContinuation<WebSocketClosing?, Never>) { self.answer = answer }

    /// Nil when the upgrade was accepted.
    static func run(url: String, apiKey: String?) async -> WebSocketClosing? {
        do {
            let loops = try LoopGroup(threads: 1)
            let headers = apiKey.map { [("Authorization", "Token \($0)")] } ?? []
            let request = try WebSocketRequest(url: url, headers: headers)
            let closing = await withCheckedContinuation { continuation in
                let loop = loops.leastLoaded()
                loop.post { loop.connect(request, handler: AgentProbe(continuation)) }
            }
            await loops.shutdown()
            return closing
        } catch {
            return WebSocketClosing(error: "\(error)")
        }
    }

    private func settle(_ closing: WebSocketClosing?) {
        answer?.resume(returning: closing)
        answer = nil
    }

    func webSocketDidOpen(_ socket: WebSocket) {
        settle(nil)
        socket.close(code: 1000, reason: "")
    }
    func webSocket(_ socket: WebSocket, receivedText message: Span<UInt8>) {}
    func webSocket(_ socket: WebSocket, receivedBinary message: Span<UInt8>) {}
    func webSocketDidClose(_ socket: WebSocket?, _ closing: WebSocketClosing) { settle(closing) }
}
