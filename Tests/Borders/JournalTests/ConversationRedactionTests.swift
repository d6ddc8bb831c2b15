import CallModel
import FoundationEssentials
import TestSupport
import Testing

@testable import Journal
@testable import SpokenLanguage

/// What a single text does not show: numbers told in pieces, numbers that were asked for, keys pressed one by one.
@Suite struct ConversationRedactionTests {
    private let directory = JournalDirectory()

    /// The turns of a script with lines `A …` and `C …` as they are kept.
    private func kept(_ script: String) -> [String] {
        Conversation.record(script).redacted(Redaction()).transcript.turns.map(\.text)
    }

    @Test(arguments: [
        "four one double one double one double one double one double one double one double one",
        "4111 1111 uh let me see 1111 1111", "four triple one four ones four ones four ones",
        "forty one eleven eleven eleven eleven eleven eleven eleven", "4111-1111 and then 1111, 1111",
        "four one one one, sorry, one moment, one one one one uh one one one one and one one one one",
        "4242 4242 4242 4242 123",
        "4111-1111 sorry I mean let me look 1111-1111", "4111 1111 oops no hang on a tick 1111 1111",
        "14111111111111111225123",
        "five five five five five five five five five five "
            + "five five double four double four",
        "forty hundred oh oh five six six five five six six five five five six",
        "٤١١١ ١١١١ ١١١١ ١١١١", "4111, 1111. 1111? 1111", "4111:1111:1111:1111", "4111.1111.1111.1111",
        "4111,1111,1111,1111", "4111/1111 (1111) 1111",
        "6205 5000 0000 0000 004", "3056 9309 0259 04",
        "four two for to four two four two four too four two four two four two",
    ])
    func `a card number is taken out however it is said`(_ number: String) {
        let kept = Redaction().redact("my card is \(number) thank you")

        #expect(kept.hasPrefix("my card is "), "\(kept)")
        #expect(kept.hasSuffix("[redacted] thank you"), "\(kept)")
        #expect(kept.utf8.count <= "my card is [redacted] uh let me see [redacted] thank you".utf8.count, "\(kept)")
    }

    @Test(arguments: [
        "cuatro uno uno uno uno uno uno uno uno uno uno uno uno uno uno uno",
        "cuatro, uno, uno, uno, y luego uno uno uno uno, uno uno uno uno, eh, uno uno uno uno",
        "cuarenta y uno once once once once once once once",
        "doble cinco doble cinco doble cinco doble cinco doble cinco doble cinco doble cuatro doble cuatro",
        "veintidós veintitrés cero cero cero cero cuarenta y ocho cuarenta cero cero once",
        "vier eins eins eins eins eins eins eins eins eins eins eins eins eins eins eins",
        "vier eins eins eins, äh, eins eins eins eins, und dann eins eins eins eins eins eins eins eins",
        "einundvierzig elf elf elf elf elf elf elf",
        "fünfundfünfzig fünfundfünfzig fünf fünf fünf fünf doppel fünf fünf fünf vier vier doppel vier doppel vier",
        "drei sieben acht zwei acht zwei zwo vier sechs drei eins null null null fünf",
        "vier dreimal die eins, viermal eins, viermal die eins, viermal eins",
        "cuatro tres veces el uno, cuatro veces uno, cuatro veces el uno, cuatro veces uno",
        "ein und vierzig elf elf elf elf elf elf elf", "cuarenta y un once once once once once once once",
        "cincuentaicinco cincuentaicinco cincuenta y cinco cincuentaicinco cincuentaicinco cincuentaicinco cuarentaicuatro "
            + "cuarentaicuatro",
    ])
    func `a card number in Spanish or German words is taken out as well`(_ number: String) {
        for (before, after) in [("mi tarjeta, ", ", gracias"), ("zahlt, ", ", vielen Dank"), ("", "")] {
            let kept = Redaction().redact(before + number + after)

            #expect(kept.contains("[redacted]"), "\(kept)")
            #expect(kept.hasPrefix(before) && kept.hasSuffix(after), "\(kept)")
            #expect(
                kept.utf8.count <= (before + after).utf8.count + "[redacted] y luego [redacted]".utf8.count, "\(kept)")
        }
    }

    @Test(arguments: [
        "llámame al seis uno dos tres cuatro cinco seis siete ocho", "wir sind acht und brauchen zwölf bis zwanzig",
        "es sind null Komma fünf Prozent, vierzig oder einundvierzig", "son veinte o treinta, quizá cuarenta y uno",
        "we met once, twice, dos equis and null pointers", "once eight people came, once again",
        // Sixteen digits whose last one does not check the others.
        "vier eins eins eins eins eins eins eins eins eins eins eins eins eins eins zwei",
        // Telephone numbers of which a part would check.
        "null null vier neun eins fünf eins zwei drei vier fünf sechs sieben acht neun",
        "seis uno dos tres cuatro cinco seis siete ocho y nueve uno dos tres cuatro cinco seis siete ocho",
    ])
    func `numbers that are no cards stay in Spanish and German too`(_ said: String) {
        #expect(Redaction().redact(said) == said)
    }

    @Test(arguments: [
        (
            "my number is 212 555 0177 and my card number is 4111 1111 1111 1111 and then 123",
            "my number is 212 555 0177 and my card number is [redacted]"
        ),
        ("4111 1111 it's a visa 1111 1111", "[redacted]"),
        ("4111 1111 1111 1111, you can call me at 212 555 0177", "[redacted], you can call me at 212 555 0177"),
        ("4111 1111 1111 1111 and 5555 5555 5555 4444", "[redacted]"),
        ("my card is 4111 1111 1111 1111 code 737", "my card is [redacted] code [redacted]"),
        ("amex 3782 822463 10005 the code is 1234", "amex [redacted] the code is [redacted]"),
        ("I have 4111 1111 1111 1111, and 737 is the code", "I have [redacted] is the code"),
        (
            "4111 1111 1111 1111 and the promo code is 737, zip code 1234",
            "[redacted] and the promo code is 737, zip code 1234"
        ),
    ])
    func `a card number goes with what belongs to it, and nothing else does`(_ said: String, _ kept: String) {
        #expect(Redaction().redact(said) == kept)
    }

    @Test(arguments: [
        ("my security code is 123", "my security code is [redacted]"),
        ("the CVV is one two three", "the CVV is [redacted]"),
        ("c v v four five six", "c v v [redacted]"), ("it's 987 on the back", "it's [redacted] on the back"),
        ("the three digits on the back are one double two", "the three digits on the back are [redacted]"),
        ("my PIN is 4 3 2 1", "my PIN is [redacted]"),
        ("the check number is oh four two", "the check number is [redacted]"),
    ])
    func `a number named as what is printed on a card is taken out`(_ said: String, _ kept: String) {
        #expect(Redaction().redact(said) == kept)
    }

    @Test(arguments: [
        "212 555 0177 and 212 555 0178", "my number is two one two five five five oh one seven seven",
        "call me at 415 555 2671 or 415 555 2672 tomorrow", "2125550177 2125550177", "+44 20 7946 0958",
        "we are open 9 to 5 and have 120 seats in 3 offices", "between 25,000 and 30,000 dollars by 2027",
        "extension 4321, tuesday at three thirty", "the code for the campaign is SPRING", "invoice 20261129-0001",
        "flight 4111 leaves at 11 11",
        "45 CFR 164.308, 164.310, 164.312 and 164.316", "sections 2.4.11, 2.5.7, 2.5.8, 3.2.6 and 3.3.8",
        "from 2026-12-01 14:30 to 2026-12-02 15:45", "it was $25,000, then 30,000 and 45,000",
        "[3222, 2111, 1000, 7777]",
        "twenty five thousand thirty thousand forty five thousand", "one two three four five",
    ])
    func `telephone numbers, times and amounts stay`(_ said: String) {
        #expect(Redaction().redact(said) == said)
    }

    @Test func `a card number told over several turns is taken out of all of them`() {
        let turns = kept(
            """
            A What is your card number?
            C it's 4111 1111
            A go on
            C one one one one
            C uh let me see
            C double one double one okay
            C thank you
            """)

        #expect(turns[1] == "it's [redacted]")
        #expect(turns[3] == "[redacted]")
        #expect(turns[4] == "uh let me see")
        #expect(turns[5] == "[redacted] okay")
        #expect(turns[6] == "thank you")
    }

    @Test func `a card number in Spanish over several turns is one too`() {
        let turns = kept("C cuarenta y uno once\nA sí\nC once once once\nC once once once\nA once more, please")

        #expect(turns == ["[redacted]", "sí", "[redacted]", "[redacted]", "once more, please"])
    }

    @Test func `the rest of a card number is found behind a few other words`() {
        let turns = kept("C 4111 1111\nA Take your time.\nC I have to turn the thing over\nC 1111 1111")

        #expect(turns == ["[redacted]", "Take your time.", "I have to turn the thing over", "[redacted]"])
    }

    @Test func `a check number that was asked for is taken out, and what was asked besides is not`() {
        let turns = kept(
            """
            C 4111 1111 1111 1111
            A And the security code on the back?
            C one two three
            A One two three, thank you. When shall we call you?
            C at 3 30 or 415
            """)

        #expect(turns[2] == "[redacted]")
        #expect(turns[3] == "[redacted], thank you. When shall we call you?")
        #expect(turns[4] == "at 3 30 or 415")
    }

    @Test func `three digits straight behind a card number are its check number`() {
        #expect(kept("C 4111 1111 1111 1111\nA Yes?\nC and one two three")[2] == "and [redacted]")
        #expect(kept("C 4111 1111 1111 1111\nA What time suits you?\nC three thirty")[2] == "three thirty")
        #expect(kept("A How many seats?\nC 120")[1] == "120")
    }

    @Test func `a social security number is taken out when it was asked for, in pieces too`() {
        #expect(kept("A Your social security number, please?\nC 219 09 9999")[1] == "[redacted]")
        #expect(
            kept("A What is your social?\nC two one nine\nC oh nine nine nine nine nine") == [
                "What is your social?", "[redacted]", "[redacted]",
            ])
        #expect(kept("A What is your order number?\nC 219099999")[1] == "219099999")
    }

    @Test func `telephone numbers told twice or in pieces stay`() {
        let script = "C my number is 415 555 2671\nA Again, please?\nC 415 555 2671\nC and 212 555\nC 0177"

        #expect(kept(script) == script.split(separator: "\n").map { String($0.dropFirst(2)) })
    }

    @Test func `what the caller heard of a number that was read back is taken out as well`() {
        let record = Conversation.record("A~ I have 4111 1111 1111 1111, right? | I have 4111 1111 11")

        let turn = record.redacted(Redaction()).transcript.turns[0]

        #expect(turn.heardText == "I have [redacted]")
        #expect(turn.text == "I have [redacted], right?")
    }

    // MARK: Keys

    private func keyed(_ rows: [(String, Int)], after script: String = "A Hello.") -> String {
        var record = Conversation.record(script)
        for (keys, atMs) in rows {
            for (count, key) in keys.enumerated() {
                record.keys.append(CallRecord.KeyPress(key: String(key), atMs: atMs + count * 300))
            }
        }
        return record.redacted(Redaction()).dtmf
    }

    @Test func `a card number keyed in one row with its check number leaves no digit`() {
        #expect(keyed([("41111111111111111225123", 20_000)]) == "[redacted]")
        #expect(keyed([("4111111111111111#", 20_000), ("123#", 30_000)]) == "[redacted]#[redacted]#")
        #expect(keyed([("41111111", 20_000), ("11111111", 45_000), ("1225", 60_000)]) == "[redacted]")
        #expect(keyed([("4111*1111*1111*1111", 20_000)]) == "[redacted]*[redacted]*[redacted]*[redacted]")
    }

    @Test func `keys that are no secret stay`() {
        #expect(keyed([("1", 5_000), ("4111111111111111#", 30_000)]) == "1[redacted]#")
        #expect(keyed([("2125550177#", 5_000), ("2125550177#", 30_000)]) == "2125550177#2125550177#")
        #expect(keyed([("1", 5_000), ("4321#", 9_000)]) == "14321#")
    }

    @Test func `a check number is known by what was asked, and by the card that was said`() {
        #expect(keyed([("123#", 12_000)], after: "A Please key in your security code.") == "[redacted]#")
        #expect(keyed([("4321#", 12_000)], after: "A Please enter your PIN.") == "[redacted]#")
        #expect(keyed([("123#", 12_000)], after: "C my card is 4111 1111 1111 1111") == "[redacted]#")
        #expect(keyed([("123#", 12_000)], after: "A Which extension?") == "123#")
    }

    // MARK: The journal

    @Test func `a number that shows only later what it is leaves the journal's file as well`() async throws {
        let opening = CallOpening.sample()
        let store = try directory.store()
        let path = directory.path + "/\(opening.callID).journal"
        let journal = store.open(opening.callID)
        journal.append(.rang(opening))
        let turns = ["my card is 4111 1111", "1111", "and 1111", "that is all"]
        for (index, text) in turns.prefix(2).enumerated() { journal.append(turn(index + 1, text)) }
        for (count, key) in "4242424242424242".enumerated() {
            journal.append(.dtmf(digit: String(key), atMs: 60_000 + count * 100))
        }
        try await journal.finish()

        for (index, text) in turns.enumerated().dropFirst(2) { journal.append(turn(index + 1, text)) }
        try await journal.finish()

        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        #expect(!text.contains("1111"), "\(text)")
        #expect(!text.contains(#""digit":"4""#), "\(text)")
        let record = try #require(CallRecord(journal: try directory.store().load(opening.callID)))
        #expect(
            record.transcript.turns.map(\.text) == [
                "my card is [redacted]", "[redacted]", "and [redacted]", "that is all",
            ])
        #expect(record.dtmf == Redaction.mark)
        #expect(directory.mode("/\(opening.callID).journal") == 0o600)
        #expect(try store.load(opening.callID) == directory.store().load(opening.callID))
    }

    @Test func `a number begun before the gateway was lost is known when it ends`() async throws {
        let opening = CallOpening.sample()
        let path = directory.path + "/\(opening.callID).journal"
        let first = try directory.store().open(opening.callID)
        first.append(.rang(opening))
        first.append(turn(1, "4111 1111"))
        try await first.finish()

        let second = try directory.store().open(opening.callID)
        second.append(.note("taken up again", atMs: 5_000))
        second.append(turn(2, "1111 1111"))
        second.append(turn(3, "my name is John"))
        try await second.finish()

        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        #expect(!text.contains("1111"), "\(text)")
        #expect(text.contains("taken up again") && text.contains("John"))
    }

    @Test func `a damaged journal is added to and never written anew`() async throws {
        let opening = CallOpening.sample()
        let path = directory.path + "/\(opening.callID).journal"
        let first = try directory.store().open(opening.callID)
        first.append(.rang(opening))
        first.append(turn(1, "my name is John"))
        first.append(turn(2, "4111 1111"))
        try await first.finish()
        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        try directory.write(Array(text.replacing("John", with: "Joan").utf8), to: path)

        let second = try directory.store().open(opening.callID)
        for each in [turn(3, "4242 4242"), turn(4, "4242 4242")] { second.append(each) }
        try await second.finish()

        let left = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        #expect(left.contains("Joan") && left.contains("4111 1111"), "\(left)")
    }

    @Test func `of what an agent was saying no beginning of a number is left`() async throws {
        let opening = CallOpening.sample()
        let path = directory.path + "/\(opening.callID).journal"
        let journal = try directory.store().open(opening.callID)
        journal.append(.rang(opening))
        for text in ["I have 4111 1111", "I have 4111 1111 1111 1111", "I have 4111 1111 1111 1111, right?"] {
            journal.append(.turn(Turn(number: 1, speaker: .agent, startedMs: 0, endedMs: 900, text: text)))
        }
        try await journal.finish()

        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        #expect(!text.contains("1111"), "\(text)")
        #expect(text.contains("I have [redacted], right?"))
    }

    private func turn(_ number: Int, _ text: String) -> CallJournalEntry {
        .turn(
            Turn(number: number, speaker: .caller, startedMs: number * 1_000, endedMs: number * 1_000 + 900, text: text)
        )
    }
}
