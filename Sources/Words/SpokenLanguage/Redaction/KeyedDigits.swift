import CallModel
import Encoding

/// The keys a caller presses in a call, and which of them are a secret: a card number, what follows it, and the short
/// numbers that were asked for.
package struct KeyedDigits: Sendable {
    /// A number keyed without a pause.
    private struct Segment {
        var keys: [Int]
        var digits: [UInt8]
        var startMs: Int
        var endMs: Int
    }

    /// A pause this long ends a number.
    private static let pauseMs = 8_000
    /// Numbers this far apart have nothing to do with each other, nor with what was said.
    private static let relatedMs = 120_000
    /// Pieces that a card number is keyed in at most, and what may follow it: a date, a check number.
    private static let piecesMax = 8
    private static let tailsMax = 2
    /// Digits of a choice from a menu, or of an extension.
    private static let shownMax = 4
    /// Keys that are looked at when one is pressed.
    private static let recentMax = 64
    /// Keys of a call that are kept. Nobody presses as many on purpose.
    private static let keysMax = 1_000

    private(set) var keys: [CallRecord.KeyPress] = []
    private var cardsSaidMs = Moments()
    private var checksAskedMs = Moments()
    private var nationalIDsAskedMs = Moments()

    /// The latest moments of a kind.
    private struct Moments {
        private static let max = 64
        private(set) var all: [Int] = []

        mutating func note(_ ms: Int) {
            guard !all.contains(ms) else { return }
            all.append(ms)
            if all.count > Self.max { all.removeFirst() }
        }
    }

    /// False when so many keys were pressed that this one is not kept.
    mutating func press(_ key: String, atMs: Int) -> Bool {
        guard keys.count < Self.keysMax else { return false }
        keys.append(CallRecord.KeyPress(key: key, atMs: atMs))
        return true
    }

    mutating func cardSaid(atMs: Int) { cardsSaidMs.note(atMs) }
    mutating func checkAsked(atMs: Int) { checksAskedMs.note(atMs) }
    mutating func nationalIDAsked(atMs: Int) { nationalIDsAskedMs.note(atMs) }

    /// Whether the last key may be shown to those who watch the call: not when a secret number may be on its way.
    var showsLast: Bool {
        guard let last = segments(from: max(0, keys.count - Self.recentMax)).last, last.keys.last == keys.count - 1
        else { return true }
        let moments = cardsSaidMs.all + checksAskedMs.all + nationalIDsAskedMs.all
        return last.digits.count <= Self.shownMax && !isWithin(moments, last)
    }

    /// Places among ``keys`` that are to be seen by nobody.
    var secrets: Set<Int> { secrets(from: 0) }

    /// Those among the last keys: what a key that is pressed now can be a part of.
    var recentSecrets: Set<Int> { secrets(from: keys.count - Self.recentMax) }

    private func secrets(from first: Int) -> Set<Int> {
        let segments = segments(from: max(0, first))
        var secret: Set<Int> = []
        var cardsMs = cardsSaidMs.all
        var end = 0
        while end < segments.count {
            if let start = card(endingAt: end, in: segments) {
                for segment in segments[start...end] { secret.formUnion(segment.keys) }
                cardsMs.append(segments[end].endMs)
            }
            end += 1
        }
        var tails = 0
        for segment in segments where !secret.isSuperset(of: segment.keys) {
            let isShort = SecretDigits.checkDigits.contains(segment.digits.count)
            let isBehindCard = isShort && isWithin(cardsMs, segment) && tails < Self.tailsMax
            tails += isBehindCard ? 1 : 0
            // A PIN has up to six digits.
            let isAsked = (3...6).contains(segment.digits.count) && isWithin(checksAskedMs.all, segment)
            let isID = segment.digits.count == 9 && isWithin(nationalIDsAskedMs.all, segment)
            if isBehindCard || isAsked || isID { secret.formUnion(segment.keys) }
        }
        return secret
    }

    /// All keys, each number that is secret as one mark.
    var redacted: [CallRecord.KeyPress] {
        let secrets = secrets
        return keys.enumerated().map { place, key in
            var key = key
            if secrets.contains(place) { key.key = secrets.contains(place - 1) ? "" : Redaction.mark }
            return key
        }
    }

    private func isWithin(_ moments: [Int], _ segment: Segment) -> Bool {
        moments.contains { $0 <= segment.endMs && segment.startMs - $0 <= Self.relatedMs }
    }

    private func segments(from first: Int) -> [Segment] {
        var found: [Segment] = []
        var isOpen = false
        for (place, key) in zip(keys.indices, keys).dropFirst(first) {
            guard key.key.utf8.count == 1, let byte = key.key.utf8.first, byte.isASCIIDigit else {
                isOpen = false
                continue
            }
            if isOpen, let last = found.last, key.atMs - last.endMs <= Self.pauseMs {
                found[found.count - 1].keys.append(place)
                found[found.count - 1].digits.append(byte - 0x30)
                found[found.count - 1].endMs = key.atMs
            } else {
                found.append(Segment(keys: [place], digits: [byte - 0x30], startMs: key.atMs, endMs: key.atMs))
            }
            isOpen = true
        }
        return found
    }

    /// Where the card number begins whose last piece is `end`: with as few pieces as make one.
    private func card(endingAt end: Int, in segments: [Segment]) -> Int? {
        var pieces: [SpokenDigits.Piece] = []
        for start in (max(0, end - Self.piecesMax + 1)...end).reversed() {
            if start < end, segments[start + 1].startMs - segments[start].endMs > Self.relatedMs { return nil }
            if !pieces.isEmpty { pieces[0].isApart = true }
            pieces.insert(SpokenDigits.Piece(keyed: segments[start].digits), at: 0)
            if CardNumber.isHeld(in: pieces) { return start }
        }
        return nil
    }
}

extension SpokenDigits.Piece {
    fileprivate init(keyed digits: [UInt8]) {
        let nowhere = "".startIndex
        self.init(digits: digits, range: nowhere..<nowhere, word: 0, isWritten: true, isApart: false)
    }
}
