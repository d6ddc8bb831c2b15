import CRM
import CallModel
package import Consult
import Database
import Foundation
import Synchronization
import Telemetry

/// How consults go on a gateway.
package struct ConsultOptions: Sendable {
    package var limits = ConsultLimits()
    package var signStyle = ConsultGate.SignStyle.alternating
    /// Whoever is asked instead of the specialists' knowledge and the language model.
    package var asker: (any Asker)?

    package init() {}
}

/// What the consults of all calls share: the specialists, who answers for them, and the lexicons.
struct ConsultServices: Sendable {
    let moderator: Moderator<ContinuousClock>
    private let limits: ConsultLimits
    private let signStyle: ConsultGate.SignStyle
    private let ownAsker: (any Asker)?
    private let knowledge: KnowledgeStore
    private let chat: ChatAsker?
    private let lexicons = ConsultLexicons()
    private let profiles = ConsultProfiles()

    /// Nil, with one warning, when the folder that is set is not there or nothing in it can be used.
    static func load(_ config: GatewayConfig, _ database: Database, _ endpoint: LLMEndpoint?) -> ConsultServices? {
        let (roster, findings) = SpecialistsSource.read(config.specialistsDirectory)
        let errors = findings.filter { $0.severity == .error }
        guard !roster.specialists.isEmpty else {
            Log.warning(
                "no specialists, so no consults; set PARLEY_SPECIALISTS_DIR",
                ["folder": config.specialistsDirectory, "finding": errors.first?.description ?? "the folder is empty"])
            return nil
        }
        if let first = errors.first {
            Log.warning(
                "specialists left out; see parley specialists --check",
                ["count": errors.count, "finding": first.description])
        }
        return ConsultServices(roster, config.consults, database, endpoint)
    }

    private init(
        _ roster: SpecialistRoster, _ options: ConsultOptions, _ database: Database, _ endpoint: LLMEndpoint?
    ) {
        moderator = Moderator(roster)
        limits = options.limits
        signStyle = options.signStyle
        ownAsker = options.asker
        knowledge = KnowledgeStore(database: database, roster: roster)
        chat = endpoint.map { ChatAsker(endpoint: $0) }
        _ = lexicons.parts(of: "en")
    }

    /// Whether calls in `language` can be offered consults.
    func speaks(_ language: String) -> Bool { lexicons.parts(of: language) != nil }

    /// Nil where consults are off for a profile, or its language has no lexicon.
    func gate(for profile: AgentProfile) -> ConsultGate? {
        guard let parts = lexicons.parts(of: profile.language) else { return nil }
        let usual = ConsultProfile(limits: limits, wording: parts.wording, signStyle: signStyle)
        let own = profiles.settings(of: profile, over: usual)
        guard own.isOn else { return nil }
        return ConsultGate(
            limits: own.limits, wording: own.wording, classifier: parts.classifier, detector: parts.detector,
            signStyle: own.signStyle)
    }

    /// Reads what calls of `profile` need, and hears one sentence with it, before a media thread does.
    func warmUp(for profile: AgentProfile) {
        guard var gate = gate(for: profile) else { return }
        _ = gate.handle(.callerSaid("What about the contract?", audioPositionMs: 0), at: 0)
    }

    func asker(for tenant: TenantID) -> any Asker {
        if let ownAsker { return ownAsker }
        let embedded = KnowledgeAsker(knowledge, tenant: tenant)
        guard let chat else { return embedded }
        return chat.asker(fallback: embedded)
    }

    /// Loads the knowledge of a tenant ahead of its first consult.
    func prepare(_ tenant: TenantID) async {
        do { try await knowledge.prepare(tenant) } catch {
            Log.warning("specialists not loaded; the first consult will", ["tenant.id": tenant, "error": error])
        }
    }
}

/// What profiles set, read once each. One that cannot be read is warned of once and has the usual settings.
private final class ConsultProfiles: Sendable {
    private struct Key: Hashable {
        var language: String
        var json: String
    }

    private static let profilesMax = 256
    private let known = Mutex<[Key: ConsultProfile]>([:])

    func settings(of profile: AgentProfile, over usual: ConsultProfile) -> ConsultProfile {
        guard profile.consult != "{}" else { return usual }
        let key = Key(language: profile.language, json: profile.consult)
        if let settings = known.withLock({ $0[key] }) { return settings }
        let settings: ConsultProfile
        do throws(ConsultProfileError) {
            settings = try usual.applying(profile.consult)
        } catch {
            Log.warning("consult settings of a profile refused", ["profile.id": profile.id, "error": error])
            settings = usual
        }
        known.withLock { known in
            if known.count >= ConsultProfiles.profilesMax { known.removeAll() }
            known[key] = settings
        }
        return settings
    }
}

/// Lexicons by language, read once each. Nil is kept for languages that have none.
private final class ConsultLexicons: Sendable {
    struct Parts: Sendable {
        let wording: ConsultWording
        let classifier: ConsentClassifier
        let detector: ConsultDetector
    }

    private static let languagesMax = 64
    private let known = Mutex<[String: Parts?]>([:])

    func parts(of language: String) -> Parts? {
        let language = Lexicon.baseLanguage(language)
        if let parts = known.withLock({ $0[language] }) { return parts }
        let parts = ConsultLexicons.read(language)
        known.withLock { known in
            if known.count < ConsultLexicons.languagesMax { known[language] = .some(parts) }
        }
        return parts
    }

    /// Without a lexicon to detect questions with, consults are left to the agent's function.
    private static func read(_ language: String) -> Parts? {
        do {
            let detector: ConsultDetector
            do { detector = try ConsultDetector(language: language) } catch {
                detector = try ConsultDetector(language: "en")
            }
            return Parts(
                wording: try ConsultWording(language: language), classifier: try ConsentClassifier(language: language),
                detector: detector)
        } catch {
            Log.warning("no consults in this language", ["language": language, "error": error])
            return nil
        }
    }
}
