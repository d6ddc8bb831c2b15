package import CallModel

/// Redacts a conversation turn by turn: what ``Redaction`` finds in a single text, and what only the conversation shows. A
/// card number read out in pieces over several turns, a check number that the other side asked for or that follows a card,
/// keys pressed one by one.
///
/// A number that is told in pieces shows only at its end what it is. ``take(_:)`` then names the earlier turns that have to
/// be redacted once more.
package struct ConversationRedaction: Sendable {
    private struct Said: Sendable {
        var turn: Turn
        var secrets: [Range<String.Index>]
        var checks: [[UInt8]] = []
        /// A card number, or the last piece of one so far.
        var holdsCard = false
        /// Nil until somebody has to know: most turns hold no digit, and have none near.
        var heard: Heard?
    }

    /// The digits in a turn, and what the words of the agent, or of a person, ask for.
    private struct Heard: Sendable {
        var spoken: SpokenDigits
        var asksForCheck = false
        var asksForNationalID = false
        var asksForOther = false

        init(_ turn: Turn) {
            spoken = SpokenDigits(turn.text)
            guard turn.speaker != .caller else { return }
            asksForCheck = SecretDigits.asksForCheck(spoken.words)
            asksForNationalID = SecretDigits.asksForNationalID(spoken.words)
            asksForOther = spoken.words.contains(where: ConversationRedaction.otherQuestions.contains)
        }
    }

    /// A piece of a number has a digit at least, said as a word.
    private static let pieceDigits = 2

    /// How far back a number may have begun, in turns of both sides.
    private static let turnsMax = 16
    /// Turns of the caller in which what was asked for may come.
    private static let answersMax = 4
    /// Turns of the speaker, back to the card number, in which a check number may come unasked.
    private static let behindCardMax = 2
    /// Turns without digits that may come between two pieces of a number.
    private static let interruptionsMax = 2

    package let redaction: Redaction
    private var said: [Said] = []
    private var keys = KeyedDigits()

    package init(_ redaction: Redaction = Redaction()) { self.redaction = redaction }

    // MARK: Turns

    /// The turn without its secrets, and behind it earlier ones that are known to hold a part of one only now.
    package mutating func take(_ turn: Turn) -> [Turn] {
        let place = remember(turn)
        guard SpokenDigits.mayHold(Self.pieceDigits, in: turn.text) else { return [redacted(said[place])] }
        let found = SecretDigits.find(in: heard(place).spoken, expecting: expectation(at: place))
        said[place].secrets += found.map(\.range)
        said[place].checks = found.filter { $0.kind == .check }.map(\.digits)
        if found.contains(where: { $0.kind == .card }) { holdsCard(place) }
        return ([place] + joined(with: place)).map { redacted(said[$0]) }
    }

    /// The call's keys as they may be kept; none are, past so many that nobody presses them on purpose.
    package var redactedKeys: [CallRecord.KeyPress] { keys.redacted }

    /// Whether those who watch the call may see the last key.
    package var showsLastKey: Bool { keys.showsLast }

    /// Takes a key without asking what it is a part of.
    package mutating func press(_ key: String, atMs: Int) {
        noteQuestions()
        _ = keys.press(key, atMs: atMs)
    }

    /// Takes a key. Returns it as it may be stored now, and whether keys before it are known to be secret only now.
    package mutating func take(key: String, atMs: Int) -> (key: String, reachesBack: Bool) {
        noteQuestions()
        let before = keys.recentSecrets
        guard keys.press(key, atMs: atMs) else { return ("", false) }
        let last = keys.keys.count - 1
        let new = keys.recentSecrets.subtracting(before)
        guard new.contains(last) else { return (key, !new.isEmpty) }
        return (before.contains(last - 1) ? "" : Redaction.mark, new.count > 1)
    }

    /// Whether a turn of this number was taken before and nothing secret was found in it.
    package func isOpen(_ number: Int) -> Bool { said.contains { $0.turn.number == number && $0.secrets.isEmpty } }

    private mutating func remember(_ turn: Turn) -> Int {
        let new = Said(turn: turn, secrets: redaction.ranges(in: turn.text))
        if let known = said.lastIndex(where: { $0.turn.number == turn.number }) {
            said[known] = new
            return known
        }
        said.append(new)
        if said.count > Self.turnsMax { said.removeFirst() }
        return said.count - 1
    }

    private mutating func heard(_ place: Int) -> Heard {
        if let heard = said[place].heard { return heard }
        let heard = Heard(said[place].turn)
        said[place].heard = heard
        return heard
    }

    /// What the turns so far asked for decides what keys mean.
    private mutating func noteQuestions() {
        for place in said.indices where said[place].turn.speaker != .caller {
            let (heard, atMs) = (heard(place), said[place].turn.endedMs)
            if heard.asksForCheck { keys.checkAsked(atMs: atMs) }
            if heard.asksForNationalID { keys.nationalIDAsked(atMs: atMs) }
        }
    }

    private mutating func holdsCard(_ place: Int) {
        said[place].holdsCard = true
        keys.cardSaid(atMs: said[place].turn.endedMs)
    }

    private func redacted(_ said: Said) -> Turn {
        var turn = said.turn
        let ranges = said.secrets
        let (text, heard) = (turn.text, turn.heardText)
        turn.text = Redaction.cut(text, ranges)
        if heard == text {
            turn.heardText = turn.text
        } else if text.hasPrefix(heard) {
            turn.heardText = Redaction.cut(text, ranges, upTo: text.index(text.startIndex, offsetBy: heard.count))
        } else {
            turn.heardText = redaction.redact(heard)
        }
        return turn
    }

    /// What the turns before lead one to expect of the digits of this one.
    private mutating func expectation(at place: Int) -> SecretDigits.Expectation {
        var expecting = SecretDigits.Expectation()
        let speaker = said[place].turn.speaker
        var own = 0
        var isAnswered = false
        var isAboutOther = false
        for index in said.indices[..<place].reversed() {
            let (before, heard) = (said[index], heard(index))
            expecting.known.formUnion(before.checks)
            if before.turn.speaker == speaker {
                own += 1
                if before.holdsCard, own <= Self.behindCardMax, !isAboutOther { expecting.isBehindCard = true }
                isAnswered = isAnswered || !heard.spoken.rows.isEmpty
            } else {
                isAboutOther = isAboutOther || heard.asksForOther
                if !isAnswered {
                    expecting.check = expecting.check || heard.asksForCheck
                    expecting.nationalID = expecting.nationalID || heard.asksForNationalID
                }
            }
            guard own < Self.answersMax else { break }
        }
        return expecting
    }

    /// Earlier turns with which this one makes up a card number or, when it was asked for, a national id; all are marked.
    private mutating func joined(with place: Int) -> [Int] {
        let spoken = heard(place).spoken
        guard spoken.opensWithRow, let row = spoken.rows.first else { return [] }
        let speaker = said[place].turn.speaker
        var rows = [row]
        var places = [place]
        var interruptions = 0
        for index in said[..<place].indices.reversed() where said[index].turn.speaker == speaker {
            let earlier = heard(index).spoken
            guard let last = earlier.rows.last else {
                interruptions += earlier.isFiller ? 0 : 1
                if interruptions > Self.interruptionsMax { break }
                continue
            }
            guard earlier.closesWithRow else { break }
            rows.insert(last, at: 0)
            places.insert(index, at: 0)
            let isCard = CardNumber.isHeld(across: rows.map(\.pieces), isInterrupted: interruptions > 0)
            if isCard || isNationalID(rows, askedBefore: index) {
                for (place, row) in zip(places, rows) {
                    if let range = row.range { said[place].secrets.append(range) }
                }
                if isCard { holdsCard(place) }
                return places.dropLast()
            }
            // A number that began earlier still fills this turn alone.
            guard earlier.opensWithRow, earlier.rows.count == 1 else { break }
        }
        return []
    }

    private mutating func isNationalID(_ rows: [SpokenDigits.Row], askedBefore place: Int) -> Bool {
        rows.reduce(0) { $0 + $1.digits.count } == 9 && expectation(at: place).nationalID
    }

    /// What else an agent may want to know in three or four digits once it has a card's number.
    private static let otherQuestions: WordSet = [
        "time", "when", "day", "date", "clock", "o'clock", "hour", "tomorrow", "call", "many", "much", "budget", "zip",
        "postal", "address", "street", "phone", "telephone", "reach",
    ]
}
