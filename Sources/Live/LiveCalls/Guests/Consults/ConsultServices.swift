package import CallModel
package import Consult
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
package struct ConsultServices: Sendable {
    let moderator: Moderator<ContinuousClock>
    private let limits: ConsultLimits
    private let signStyle: ConsultGate.SignStyle
    let asker: @Sendable (TenantID) -> any Asker
    private let lexicons: ConsultLexicons
    private let profiles = ConsultProfiles()
    /// Those that answers can be had in; nil: any.
    private let languages: Set<String>?

    /// - Parameters:
    ///   - speaksAny: whether whoever answers does so in the language of the question, whatever that is.
    ///   - asker: answers in the specialists' stead for a tenant; not asked where the options have one.
    package init(
        _ roster: SpecialistRoster, _ options: ConsultOptions, speaksAny: Bool,
        asker: @escaping @Sendable (TenantID) -> any Asker
    ) {
        moderator = Moderator(roster)
        languages =
            speaksAny || options.asker != nil
            ? nil : Set(roster.specialists.flatMap(\.languages).map(Lexicon.baseLanguage))
        lexicons = ConsultLexicons(moderator.knowledge)
        limits = options.limits
        signStyle = options.signStyle
        if let own = options.asker { self.asker = { _ in own } } else { self.asker = asker }
        _ = lexicons.parts(of: "en")
    }

    /// Nil where consults are off for a profile, its language has no lexicon, or no specialist has answers in it: what can
    /// end in a promise to call back only is not offered.
    func gate(for profile: AgentProfile) -> ConsultGate? {
        if let languages, !languages.contains(Lexicon.baseLanguage(profile.language)) { return nil }
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
    private let knowledge: KnowledgeIndex
    private let known = Mutex<[String: Parts?]>([:])

    init(_ knowledge: KnowledgeIndex) { self.knowledge = knowledge }

    func parts(of language: String) -> Parts? {
        let language = Lexicon.baseLanguage(language)
        if let parts = known.withLock({ $0[language] }) { return parts }
        let parts = read(language)
        known.withLock { known in
            if known.count < ConsultLexicons.languagesMax { known[language] = .some(parts) }
        }
        return parts
    }

    /// Without a lexicon to detect questions with, consults are left to the agent's function.
    private func read(_ language: String) -> Parts? {
        do {
            let detector: ConsultDetector
            do { detector = try ConsultDetector(language: language, knowledge: knowledge) } catch {
                detector = try ConsultDetector(language: "en", knowledge: knowledge)
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
