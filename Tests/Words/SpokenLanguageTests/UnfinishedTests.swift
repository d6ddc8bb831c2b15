import SpokenLanguage
import Testing

@Suite struct UnfinishedTests {
    @Test(arguments: [
        "our budget is about", "my name is", "i think um", "we would like to", "i need a", "somewhere between",
        "no it is", "well we are", "could you", "can we make it", "within the next", "yes one more", "i am",
        "nuestro presupuesto es de", "wir haben etwa", "das sind die", "quiero hablar con",
    ])
    func `where another word has to come the sentence breaks off`(_ text: String) {
        #expect(Unfinished.breaksOff(Normalised.words(text)))
    }

    @Test(arguments: [
        "yes we do", "yes i am", "yes it is", "i do", "no we do not", "what do you do", "thirty thousand dollars",
        "my name is john smith", "certainly not", "tuesday at three", "yes", "",
    ])
    func `short answers and questions that end so are whole`(_ text: String) {
        #expect(!Unfinished.breaksOff(Normalised.words(text)))
    }

    @Test(arguments: ["about recording calls in France", "and in Spain", "with their okay", "für unsere Kunden"])
    func `a rest of a sentence goes on with one begun before`(_ text: String) {
        #expect(Unfinished.goesOn(Normalised.words(text)))
    }

    @Test(arguments: ["yes please", "how much is it", "the starter plan", ""])
    func `what begins a sentence does not`(_ text: String) {
        #expect(!Unfinished.goesOn(Normalised.words(text)))
    }
}
