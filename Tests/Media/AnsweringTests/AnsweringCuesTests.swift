import Testing

@testable import Answering

@Suite struct AnsweringCuesTests {
    @Test(arguments: [
        ("en", "Hi, it's Bob, I can't come to the phone right now.", Answerer.voicemail),
        ("en", "At the tone, please record your message.", .voicemail), ("en", "The mailbox is full.", .voicemail),
        ("en", "Dial the extension of the person you want, or press zero for the operator.", .menu),
        ("en", "Go ahead and state your name after the beep.", .screening),
        ("en", "Thank you for calling, this is the automated attendant.", .machine),
        ("en", "All circuits are busy now.", .network),
        ("es", "Deje su mensaje después del tono.", .voicemail), ("es", "Para ventas, marque uno.", .menu),
        ("fr", "Laissez un message après le bip sonore.", .voicemail), ("fr", "Appuyez sur le deux.", .menu),
        ("de", "Bitte hinterlassen Sie eine Nachricht nach dem Signalton.", .voicemail),
        ("de", "Kein Anschluss unter dieser Nummer.", .network),
        ("it", "Lasciate un messaggio dopo il segnale.", .voicemail),
    ])
    func `what machines say is known by its turns of phrase`(language: String, words: String, kind: Answerer) throws {
        let cues = try #require(AnsweringCues.of(language))
        #expect(cues.read(words).cue?.kind == kind)
    }

    @Test(arguments: [
        ("en", "Hello?"), ("en", "Yes, this is John, who is calling please?"),
        ("en", "I'm in a meeting, call me back later."),
        ("en", "What is your name?"), ("en", "How did you get my number?"),
        ("en", "No, he is not here, can I help you?"),
        ("es", "¿Quién habla?"), ("fr", "Allô oui, c'est qui ?"), ("de", "Müller, guten Tag."),
        ("it", "Pronto, chi parla?"),
    ])
    func `what people say is none of it`(language: String, words: String) throws {
        let cues = try #require(AnsweringCues.of(language))
        #expect(cues.read(words).cue == nil)
        #expect(cues.read(words).words > 0)
    }

    @Test func `a language that nobody wrote down has no cues`() {
        #expect(AnsweringCues.of("fi") == nil)
        #expect(AnsweringCues.of("en_GB") != nil)
    }
}
