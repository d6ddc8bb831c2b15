import SpokenLanguage
import TestSupport
import Testing

@Suite struct SpokenAnswerTests {
    private func spoken(_ text: String, _ language: String = "en") -> String {
        SpokenAnswer(text, language: language).spoken
    }

    @Test func `markup, links, citations and source lists are not read out`() {
        let written = """
            ## What the **specialists** agree on

            - You *may* record, see [the act](https://example.com/act?x=1) [1].
            - Keep `consent` records[^2] (source: Telemarketing Sales Rule).
            1. Visit https://example.com/long/path, then call. 🙂

            | a | b |
            |---|---|

            ```
            code
            ```
            Sources:
            - https://example.com
            """

        #expect(
            spoken(written)
                == "What the specialists agree on. You may record, see the act. Keep consent records. "
                + "Visit then call. a, b.")
    }

    @Test(arguments: [
        ("It takes 30 days.", "It takes thirty days."),
        ("It costs $1,250.50 a year.", "It costs one thousand two hundred fifty dollars and fifty cents a year."),
        ("About 25% of 1,000,000 calls.", "About twenty-five percent of one million calls."),
        (
            "The 2018 act, amended in 2005 and 1998.",
            "The twenty eighteen act, amended in two thousand five and nineteen ninety-eight."
        ),
        ("Fines reach €20m or 4%.", "Fines reach twenty million euros or four percent."),
        (
            "Between 5-10 working days (2.5 on average).",
            "Between five to ten working days (two point five on average)."
        ),
        ("By the 1st or the 30th.", "By the first or the thirtieth."),
        ("It is B2B, HL7 and SOC 2.", "It is B2B, HL7 and SOC two."),
        ("Open 24/7.", "Open twenty-four seven."),
        ("E.g. e.g. this & that, i.e. both.", "E.g. for example this and that, that is both."),
        ("$1 and $5-$10.", "one dollar and five to ten dollars."),
        ("See 47 CFR 64.1200.", "See forty-seven CFR sixty-four point one two zero zero."),
        ("Version 1.2.3 stays, as does 10:30.", "Version 1.2.3 stays, as does 10:30."),
    ])
    func `figures become words`(_ written: String, _ said: String) {
        #expect(spoken(written) == said)
    }

    @Test func `figures become words in Spanish and German, where a comma is the decimal mark`() {
        #expect(
            spoken("Son 1.250,50 € en 2024.", "es")
                == "Son mil doscientos cincuenta euros con cincuenta centavos en dos mil veinticuatro.")
        #expect(spoken("El 21% de 31 casos.", "es") == "El veintiuno por ciento de treinta y uno casos.")
        #expect(
            spoken("Es kostet 1.250 € und 2,5% mehr.", "de")
                == "Es kostet eintausendzweihundertfünfzig Euro und zwei Komma fünf Prozent mehr.")
        #expect(spoken("Seit 1998.", "de") == "Seit neunzehnhundertachtundneunzig.")
        #expect(spoken("C'est 25%.", "fr") == "C'est 25%.")
    }

    @Test func `cardinals of every size have words`() {
        let english = [
            0: "zero", 13: "thirteen", 40: "forty", 101: "one hundred one", 1_000: "one thousand",
            21_342: "twenty-one thousand three hundred forty-two", 2_000_000_001: "two billion one", -7: "minus seven",
        ]
        for (number, words) in english { #expect(NumberWords.cardinal(number, language: "en") == words) }
        #expect(NumberWords.cardinal(100, language: "es") == "cien")
        #expect(NumberWords.cardinal(21_000, language: "es") == "veintiún mil")
        #expect(NumberWords.cardinal(101_000_000, language: "es") == "ciento un millones")
        #expect(NumberWords.cardinal(1_101, language: "de") == "eintausendeinhunderteins")
        #expect(NumberWords.cardinal(21, language: "de") == "einundzwanzig")
        #expect(NumberWords.cardinal(2_000_000, language: "de") == "zwei Millionen")
        #expect(NumberWords.cardinal(.max, language: "en") == String(Int.max))
        #expect(NumberWords.cardinal(.min, language: "en") == String(Int.min))
    }

    @Test func `long sentences are cut at their joints`() {
        let text =
            "You need a written agreement with every processor that touches the personal data of your callers, and you must "
            + "keep a record of it for as long as the processing goes on."

        #expect(
            spoken(text)
                == "You need a written agreement with every processor that touches the personal data of your callers. "
                + "And you must keep a record of it for as long as the processing goes on.")
    }

    @Test func `at most ninety words are spoken and none is lost`() {
        let text = (1...40).map { _ in "Here are six words of it." }.joined(separator: " ")

        let answer = SpokenAnswer(text, language: "en")

        #expect(answer.spoken.split(separator: " ").count == 90)
        #expect([answer.spoken, answer.rest ?? ""].joined(separator: " ") == text)
        #expect(answer.spoken.hasSuffix("."))
    }

    @Test func `a short answer has no rest and an answer without words is empty`() {
        #expect(SpokenAnswer("You may.", language: "en").rest == nil)
        #expect(SpokenAnswer(" \n---\n[1]\n", language: "en") == SpokenAnswer("", language: "en"))
        #expect(SpokenAnswer("", language: "en").spoken.isEmpty)
    }

    @Test func `a wall of words without a stop is cut at ninety`() {
        let answer = SpokenAnswer(String(repeating: "word ", count: 50_000), language: "en")

        #expect(answer.spoken.split(separator: " ").count == 90)
        #expect((answer.rest ?? "").split(separator: " ").count <= 400)
    }

    @Test func `random bytes of markup never come out as markup`() {
        var random = SeededGenerator(seed: 11)
        let pieces = [
            "**", "[x](http://a.b)", "`", "# ", "\n", "<b>", "word", " ", "[1]", "12", "$5", "%", "(", ")", "|", "- ",
            ".",
        ]
        for _ in 0..<500 {
            let text = (0..<30).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            let spoken = spoken(text)
            for mark in ["**", "http", "`", "|", "\n"] { #expect(!spoken.contains(mark), "\(text)") }
        }
    }
}
