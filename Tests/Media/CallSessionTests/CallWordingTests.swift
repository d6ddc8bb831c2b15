import CallModel
import Foundation
import Testing

@testable import CallSession

@Suite struct CallWordingTests {
    @Test(arguments: [
        ("en", "One moment, please."), ("en-GB", "One moment, please."), ("de", "Einen Moment, bitte."),
        ("DE_at", "Einen Moment, bitte."), ("es-MX", "Un momento, por favor."), ("fr", "One moment, please."),
        ("", "One moment, please."),
    ])
    func `a call is spoken in its profile's language, and in English where that is not known`(
        _ language: String, _ filler: String
    ) {
        var profile = AgentProfile(
            id: UUID(), name: "sales", prompt: "", greeting: "", greetingKnown: "", language: language)
        profile.apology = "Just a second."
        profile.fallbackMessage = "Nobody is there."

        let wording = CallWording(profile: profile)

        #expect(wording.toolFiller == filler)
        #expect(wording.apology == "Just a second." && wording.fallback == "Nobody is there.")
    }

    @Test(arguments: CallWording.languages.keys.sorted())
    func `every language says everything, each in its own words`(_ language: String) {
        let wording = CallWording(language: language)
        let sentences = [
            wording.toolFiller, wording.sayAgain, wording.endOfTime, wording.endOfTurns, wording.endOfSilence,
            wording.connecting, wording.notInService,
        ]

        #expect(Set(sentences).count == sentences.count && !sentences.contains(""))
        #expect(sentences.allSatisfy { $0.hasSuffix(".") || $0.hasSuffix("?") })
        if language != "en" { #expect(wording != .english) }
    }
}
