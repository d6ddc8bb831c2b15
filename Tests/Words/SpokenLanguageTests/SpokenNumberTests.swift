import SpokenLanguage
import Testing

@Suite struct SpokenNumberTests {
    @Test(arguments: [
        ("twenty five", 25), ("twenty-five", 25), ("a hundred", 100), ("hundred", 100), ("two hundred and fifty", 250),
        ("twenty five thousand", 25_000), ("25,000", 25_000), ("25k", 25_000), ("$25k", 25_000), ("1.5m", 1_500_000),
        ("25 thousand", 25_000), ("half a million", 500_000), ("a quarter million", 250_000), ("two and a half", 2.5),
        ("two and a half million", 2_500_000), ("two point five million", 2_500_000), ("twenty five hundred", 2_500),
        ("one hundred twenty thousand", 120_000), ("one hundred and twenty thousand five hundred", 120_500),
        ("a couple of thousand", 2_000), ("a few thousand", 3_000), ("three million two hundred thousand", 3_200_000),
        ("zero", 0), ("ninety nine", 99), ("25 000", 25_000), ("a million and a half", 1_500_000), ("a dozen", 12),
    ])
    func `a number is read as said`(_ said: String, _ value: Double) {
        #expect(SpokenNumber.parse(said) == value)
    }

    @Test(arguments: [
        "", "thank you", "a", "and", "point", "k", "25x", "twenty thirty", "one two", "$", "of a million",
    ])
    func `what is not one number is none`(_ said: String) {
        #expect(SpokenNumber.parse(said) == nil)
    }

    @Test func `numbers are found where they stand`() {
        let text = SpokenText("we have forty people in 3 offices")

        let found = SpokenNumber.find(in: text)

        #expect(found.map(\.value) == [40, 3])
        #expect(found.map { text.quote($0.words) } == ["forty", "3"])
    }
}

@Suite struct NormalisedTests {
    @Test(arguments: [
        ("Don't call, OK?", ["do", "not", "call", "okay"]), ("I'm the CEO.", ["i", "am", "the", "ceo"]),
        ("We can't; won't.", ["we", "can", "not", "will", "not"]), ("at 10 a.m. sharp", ["at", "10", "am", "sharp"]),
        ("$25,000-30,000", ["$25,000", "30,000"]), ("john@acme.com", ["john@acme.com"]), ("", []), ("…!?", []),
        ("it’s Acme’s", ["it", "is", "acme's"]), ("twenty-five", ["twenty", "five"]),
    ])
    func `words come in one form`(_ written: String, _ words: [String]) {
        #expect(Normalised.words(written).texts == words)
    }

    @Test func `a quote is found whatever its spelling`() {
        #expect(Normalised.contains("i don't know.", in: "Well, I do not KNOW"))
        #expect(!Normalised.contains("know not", in: "I do not know"))
        #expect(!Normalised.contains("", in: "anything"))
    }
}
