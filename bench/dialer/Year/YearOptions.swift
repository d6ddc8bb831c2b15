import Foundation

struct YearOptions: Sendable {
    /// Spread over the whole time.
    var contacts = 100_000
    /// Midnight in UTC, as seconds. 2028 has a 29th of February.
    var start = 1_830_297_600.0
    var days = 366
    var seed: UInt64 = 1
    var log = "year.ndjson"

    init(_ given: [String]) throws {
        var arguments = given
        while arguments.count >= 2 {
            let value = arguments[1]
            switch (arguments[0], Int(value)) {
            case ("--contacts", .some(let number)): contacts = max(1, number)
            case ("--days", .some(let number)): days = max(1, number)
            case ("--seed", .some(let number)): seed = UInt64(clamping: number)
            case ("--log", _): log = value
            case ("--from", _):
                guard let date = try? Date(value, strategy: .iso8601.year().month().day()) else {
                    throw Failure(description: "\(value) is no day like 2028-01-01")
                }
                start = date.timeIntervalSince1970
            default: throw Failure(description: "unknown option \(arguments[0]) \(value)")
            }
            arguments.removeFirst(2)
        }
        guard arguments.isEmpty else {
            throw Failure(
                description: "usage: dialer-proof year [--contacts n] [--from day] [--days n] [--seed n] [--log file]")
        }
    }

    var end: Double { start + Double(days) * 86_400 }
}

/// Sebastiano Vigna's SplitMix64: the same numbers for the same seed.
struct YearRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }

    mutating func one<T>(of values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &self)] }
}
