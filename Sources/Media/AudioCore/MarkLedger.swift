/// The marks one call has put into the carrier's playback queue, and what their echoes mean.
///
/// A `clear` returns the marks of discarded audio exactly as if it had been played. The generation in the name, raised at
/// each `clear`, tells the two apart.
package struct MarkLedger: Sendable {
    package enum Echo: Equatable, Sendable {
        /// The caller has heard the turn through this byte.
        case played(throughByte: Int)
        /// The audio before this mark was discarded by a `clear`.
        case flushed
        /// Not a mark of ours, or one that came back before.
        case unknown
    }

    /// One mark per turn plus one every half second is the custom; more than this never waits.
    package static let outstandingMax = 256

    package private(set) var generation = 1
    /// Marks given up because ``outstandingMax`` others waited.
    package private(set) var forgottenMarks = 0
    private var nextNumber = 1
    private var outstanding: [Mark] = []

    private struct Mark: Sendable {
        var generation: Int
        var number: Int
        var throughByte: Int
    }

    package init() { outstanding.reserveCapacity(32) }

    package var outstandingCount: Int { outstanding.count }

    /// Whether marks of the current generation are still to come back: audio sent is not yet heard.
    package var awaitsPlayout: Bool { outstanding.contains { $0.generation == generation } }

    /// Names the next mark, e.g. `g3.12`, to be sent right after byte `throughByte` of the turn's audio.
    package mutating func issue(throughByte: Int) -> String {
        if outstanding.count == MarkLedger.outstandingMax {
            outstanding.removeFirst()
            forgottenMarks += 1
        }
        let mark = Mark(generation: generation, number: nextNumber, throughByte: throughByte)
        nextNumber += 1
        outstanding.append(mark)
        return "g\(mark.generation).\(mark.number)"
    }

    /// A mark came back. Marks come back in the order they were sent: earlier ones of its generation are settled too.
    package mutating func echoed(_ name: String) -> Echo {
        guard let (echoGeneration, number) = MarkLedger.parse(name),
            let index = outstanding.firstIndex(where: { $0.number == number && $0.generation == echoGeneration })
        else { return .unknown }
        let mark = outstanding[index]
        outstanding.removeFirst(index + 1)
        return mark.generation == generation ? .played(throughByte: mark.throughByte) : .flushed
    }

    /// A `clear` goes out: whatever is outstanding comes back as flushed.
    package mutating func advanceGeneration() { generation += 1 }

    /// Reads `g3.12`.
    private static func parse(_ name: String) -> (generation: Int, number: Int)? {
        guard name.utf8.count <= 24, name.utf8.first == UInt8(ascii: "g"),
            let dot = name.utf8.firstIndex(of: UInt8(ascii: "."))
        else { return nil }
        let letters = name.utf8
        guard let generation = digits(letters[letters.index(after: letters.startIndex)..<dot]),
            let number = digits(letters[letters.index(after: dot)...])
        else { return nil }
        return (generation, number)
    }

    private static func digits(_ text: Substring.UTF8View) -> Int? {
        guard (1...10).contains(text.count), text.first != UInt8(ascii: "0") else { return nil }
        var value = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}
