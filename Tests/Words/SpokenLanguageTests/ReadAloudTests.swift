import SpokenLanguage
import Testing

@Suite struct ReadAloudTests {
    @Test(arguments: [
        ("$25,000", "twenty five thousand dollars"),
        ("a budget of $1.5 million, yes?", "a budget of one point five million dollars, yes?"),
        ("about $40k.", "about forty thousand dollars."),
        ("at 3:30 pm", "at three thirty pm"),
        ("at 15:05", "at fifteen oh five"),
        ("3pm", "three p m"),
        ("jane.doe@example.com", "jane dot doe at example dot com"),
        ("call +14155552671", "call one four one five five five five two six seven one"),
        ("12 people and 30%", "twelve people and thirty percent"),
        ("(about 5)", "(about five)"),
        ("$", "$"),
        ("1.", "one."),
    ])
    func `written figures are read out`(written: String, spoken: String) {
        #expect(ReadAloud.spoken(written) == spoken)
    }

    @Test func `sentences end at full stops but not inside abbreviations or numbers`() {
        let text = "Dr. Lee has $1.5 million. Is that right? Good"

        #expect(ReadAloud.sentences(text) == ["Dr. Lee has $1.5 million.", "Is that right?", "Good"])
    }
}
