import AudioCore
import Testing

@Suite struct MarkLedgerTests {
    @Test func `a mark that comes back was played through its byte`() {
        var ledger = MarkLedger()
        let name = ledger.issue(throughByte: 4_000)

        #expect(name == "g1.1")
        #expect(ledger.awaitsPlayout)
        #expect(ledger.echoed(name) == .played(throughByte: 4_000))
        #expect(!ledger.awaitsPlayout)
    }

    @Test func `a mark of before the clear was flushed, not played`() {
        var ledger = MarkLedger()
        let before = ledger.issue(throughByte: 4_000)
        ledger.advanceGeneration()
        let after = ledger.issue(throughByte: 800)

        #expect(ledger.echoed(before) == .flushed)
        #expect(ledger.echoed(after) == .played(throughByte: 800))
    }

    @Test func `a mark that comes back twice is unknown the second time`() {
        var ledger = MarkLedger()
        let name = ledger.issue(throughByte: 1)
        _ = ledger.echoed(name)

        #expect(ledger.echoed(name) == .unknown)
    }

    @Test func `a later mark settles the earlier ones`() {
        var ledger = MarkLedger()
        let first = ledger.issue(throughByte: 1)
        let second = ledger.issue(throughByte: 2)

        #expect(ledger.echoed(second) == .played(throughByte: 2))
        #expect(ledger.echoed(first) == .unknown)
        #expect(ledger.outstandingCount == 0)
    }

    @Test(arguments: [
        "", "g", "g.", "g1", "g1.", "g.1", "g1.2", "g2.1", "g01.1", "g1.01", "g+1.1", "g-1.1", "G1.1", "g1.1.1",
        "g99999999999999999999.1", "g1.99999999999999999999999999", "g١.١", "g1.1\u{0}", "😀",
    ])
    func `a hostile name is unknown and harmless`(name: String) {
        var ledger = MarkLedger()
        _ = ledger.issue(throughByte: 10)

        #expect(ledger.echoed(name) == .unknown)
        #expect(ledger.echoed("g1.1") == .played(throughByte: 10))
    }

    @Test func `marks that never come back are given up in order and counted`() {
        var ledger = MarkLedger()
        for byte in 0..<(MarkLedger.outstandingMax + 5) { _ = ledger.issue(throughByte: byte) }

        #expect(ledger.outstandingCount == MarkLedger.outstandingMax)
        #expect(ledger.forgottenMarks == 5)
        #expect(ledger.echoed("g1.1") == .unknown)
        #expect(ledger.echoed("g1.6") == .played(throughByte: 5))
    }
}

@Suite struct HeardTextTests {
    func turn() -> HeardText {
        var turn = HeardText()
        turn.append(text: "Good morning, this is Ada. ")
        turn.append(text: " How can I help you today?")
        turn.audio(bytes: 20_000)
        turn.audio(bytes: 20_000)
        return turn
    }

    @Test func `nothing played is nothing heard, everything played is everything`() {
        #expect(turn().heard(bytes: 0) == "")
        #expect(turn().heard(bytes: -5) == "")
        #expect(turn().heard(bytes: 40_000) == "Good morning, this is Ada. How can I help you today?")
        #expect(turn().heard(bytes: 99_999) == "Good morning, this is Ada. How can I help you today?")
    }

    @Test func `an interrupted turn ends with the last whole word heard`() {
        #expect(turn().heard(bytes: 20_000) == "Good morning, this is Ada.")
        #expect(turn().heard(bytes: 5_000) == "Good")
        #expect(turn().heard(bytes: 1_000) == "")
    }

    @Test func `whatever is heard is a beginning of what was said, word by word, and only grows`() {
        let turn = turn()
        let words = turn.text.split(separator: " ")
        var before = 0
        for bytes in stride(from: 0, through: 41_000, by: 137) {
            let heard = turn.heard(bytes: bytes).split(separator: " ")
            #expect(heard == Array(words.prefix(heard.count)))
            #expect(heard.count >= before)
            before = heard.count
        }
        #expect(before == words.count)
    }

    @Test func `a turn whose audio never came was not heard`() {
        var turn = HeardText()
        turn.append(text: "Hello")
        #expect(turn.heard(bytes: 100) == "")
    }

    @Test func `characters of several bytes are never cut apart`() {
        var turn = HeardText()
        turn.append(text: "Überweisung 👨‍👩‍👧 naïve")
        turn.audio(bytes: 1_000)
        for bytes in 0...1_000 { #expect(turn.text.hasPrefix(turn.heard(bytes: bytes))) }
    }

    @Test func `a text past its bound is kept in pieces cut between words, and what was heard of each adds up`() {
        var turn = HeardText()
        for number in 0..<8_000 { turn.append(text: "word\(number)") }
        turn.audio(bytes: 1_000_000)

        #expect(turn.pieces.count == 5)
        #expect(turn.pieces.allSatisfy { $0.utf8.count <= HeardText.pieceBytesMax })
        #expect(turn.pieces.flatMap { $0.split(separator: " ") }.map(String.init) == (0..<8_000).map { "word\($0)" })
        #expect(turn.textBytes == turn.text.utf8.count && turn.leftOutBytes == 0)
        for bytes in stride(from: 0, through: 1_000_000, by: 9_973) {
            let heard = turn.heardPieces(bytes: bytes)
            #expect(heard.count == turn.pieces.count && zip(turn.pieces, heard).allSatisfy { $0.hasPrefix($1) })
            #expect(turn.text.hasPrefix(turn.heard(bytes: bytes)))
        }
    }

    @Test func `one word longer than a piece is cut between scalars, and what no piece holds is counted`() {
        var turn = HeardText()
        turn.append(text: String(repeating: "é€😀", count: 50_000))

        #expect(turn.pieces.count == HeardText.piecesMax)
        #expect(turn.pieces.allSatisfy { (16_381...16_384).contains($0.utf8.count) })
        #expect(turn.leftOutBytes == 450_000 - turn.pieces.reduce(0) { $0 + $1.utf8.count })
    }

    @Test func `a beginning of so many bytes cuts no scalar apart`() {
        let text = "aé€😀"
        let cuts = (-1...11).map { String(text.prefix(utf8Bytes: $0)) }

        #expect(cuts == ["", "", "a", "a", "aé", "aé", "aé", "aé€", "aé€", "aé€", "aé€", "aé€😀", "aé€😀"])
    }
}
