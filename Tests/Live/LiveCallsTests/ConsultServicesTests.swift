import CallModel
import Consult
import Testing

@testable import LiveCalls

@Suite struct ConsultServicesTests {
    private struct Nobody: Asker {
        func ask(
            _ specialist: Specialist, _ question: ConsultQuestion, under grant: ConsentGrant, timeout: Duration
        ) async throws -> SpecialistReply { SpecialistReply(text: "") }
    }

    private func services(_ languages: [String], speaksAny: Bool) throws -> ConsultServices {
        let specialist = Specialist(
            id: try #require(SpecialistID("call-recording")), title: "Recording", domain: .regulatory,
            languages: languages, when: ["recording"], prompt: "Answer.",
            sections: [.init(title: "May we?", text: "Ask first.", sources: ["Law"])])
        return ConsultServices(
            SpecialistRoster([specialist]), ConsultOptions(), speaksAny: speaksAny, asker: { _ in Nobody() })
    }

    private func profile(_ language: String) throws -> AgentProfile {
        try CallCards().make { $0.language = language }.profile
    }

    @Test(arguments: [("en", true), ("en-GB", true), ("de", false), ("de-AT", false), ("es", false)])
    func `without an answer in the caller's language there is no offer`(_ language: String, _ isOffered: Bool) throws {
        let written = try services(["en"], speaksAny: false)

        #expect((written.gate(for: try profile(language)) != nil) == isOffered)
    }

    @Test(arguments: ["en", "de", "es-MX"])
    func `where answers come in any language, or one of its own, there is`(_ language: String) throws {
        let model = try services(["en"], speaksAny: true)
        let both = try services(["en", "de", "es"], speaksAny: false)

        #expect(model.gate(for: try profile(language)) != nil)
        #expect(both.gate(for: try profile(language)) != nil)
    }
}
