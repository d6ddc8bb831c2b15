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

@Suite struct OptOutTests {
    @Test(arguments: [
        "stop calling me", "please stop calling", "take me off your list", "don't call again", "remove my number",
        "Don't call me anymore!", "do not call this number again", "quit calling us", "I want you to stop calling me",
        "why don't you stop calling me", "never call me again", "i don't want any more calls",
        "take my number off your list",
        "please remove me from your database", "put me on your do not call list", "unsubscribe me", "i want to opt out",
        "lose my number", "leave me alone", "no more calls please", "i never want to hear from you again",
        "please don't call me",
        "delete my number", "don't ever call here again", "i don't want to be called again",
        "take us off the call list",
        "stop contacting me", "and stop with the calls", "i revoke my consent", "we are on the do not call registry",
        "you don't need to call me again", "i said stop calling this number", "don't you dare call me again",
        "please take me off", "do not contact me again", "stop phoning my house", "could you please stop calling me",
    ])
    func `a wish not to be called is heard`(_ said: String) {
        #expect(OptOut.find(in: said) != nil)
    }

    @Test(arguments: [
        "", "call me back", "don't stop", "please don't stop calling me", "don't call me before nine",
        "don't call me at work",
        "don't call me today", "call me again next week", "take me off hold", "take me off speaker please",
        "they don't call me back", "if you don't call me i will be upset", "why don't you call me on tuesday",
        "i don't want you to stop calling", "stop", "stop for a second", "i didn't say take me off your list",
        "our customers never call us", "we want to stop losing calls", "i can't stop talking",
        "my number is five five five",
        "don't take me off the list", "remove the old system", "people call us and nobody answers", "don't call me sir",
        "we do not call our customers", "do not hesitate to call me", "the list of calls", "not interested", "goodbye",
        "never mind", "don't call me until friday",
    ])
    func `nothing else is taken for it`(_ said: String) {
        #expect(OptOut.find(in: said) == nil)
    }

    @Test func `the words are those that were said`() {
        #expect(OptOut.find(in: "Look, don't call me again. Bye.") == "don't call me again")
        #expect(OptOut.find(in: "please take me off your list") == "take me off your list")
    }
}
