import SpokenLanguage
import Testing

@Suite struct YesNoTests {
    @Test(arguments: [
        "yes", "Yeah, sure.", "yep", "okay", "OK!", "sure why not", "of course", "go ahead", "that's right",
        "sounds good",
        "that works for me", "i do", "yes i am", "absolutely", "no problem", "i don't mind", "why not",
        "that would be great",
        "correct", "right", "please do", "let's do it", "tuesday works", "fine by me okay", "uh huh", "yes please",
        "i'd love to", "um yeah", "perfect", "by all means", "exactly", "yes that is correct",
    ])
    func `an agreement is a yes`(_ said: String) {
        #expect(YesNo.classify(said) == .yes)
    }

    @Test(arguments: [
        "no", "nope", "no thanks", "not now", "not really", "i'd rather not", "i don't think so", "not interested",
        "absolutely not", "of course not", "never", "no way", "that's wrong", "that is not right", "i'm good",
        "i can't",
        "not today", "no that is not what i said", "definitely not", "we don't", "not at all", "yeah no",
        "that doesn't work",
        "nah i'm fine", "that's not correct", "i do not want that",
    ])
    func `a refusal is a no`(_ said: String) {
        #expect(YesNo.classify(said) == .no)
    }

    @Test(arguments: [
        "", "maybe", "i guess", "i think so", "no go ahead", "yes but not now", "what do you mean", "i don't know",
        "it depends", "not sure", "let me think", "right now i am driving", "probably", "good question",
        "the weather is nice",
        "hmm", "yes or no", "possibly next year", "who is this", "we'll see", "yes no",
    ])
    func `a maybe is neither`(_ said: String) {
        #expect(YesNo.classify(said) == .unclear)
    }
}
