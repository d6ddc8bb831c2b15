/// What a run is to do.
struct APIBenchmarkOptions: Sendable {
    struct Mistake: Error, CustomStringConvertible { var description: String }

    var contacts = 1_000_000
    var calls = 200
    var callRows = 1_000_000
    var leads = 200_000
    var tenants = 50
    var connections = 64
    var seconds = 15
    var jsonPath: String?
    var plotPath: String?
    var thresholdsPath: String?

    static let usage =
        "usage: api-benchmark [--contacts n] [--call-rows n] [--leads n] [--tenants n] [--connections n]"
        + " [--seconds n] [--calls n] [--json file] [--plot file] [--check file]"

    init(_ arguments: [String]) throws(Mistake) {
        var rest = arguments[...]
        while let option = rest.popFirst() {
            guard let value = rest.popFirst() else {
                throw Mistake(description: "\(option) needs a value; \(Self.usage)")
            }
            switch option {
            case "--json": jsonPath = value
            case "--plot": plotPath = value
            case "--check": thresholdsPath = value
            case "--contacts": contacts = try Self.count(option, value, 1_000...10_000_000)
            case "--call-rows": callRows = try Self.count(option, value, 1_000...10_000_000)
            case "--leads": leads = try Self.count(option, value, 1_000...10_000_000)
            case "--tenants": tenants = try Self.count(option, value, 2...1_000)
            case "--connections": connections = try Self.count(option, value, 1...512)
            case "--seconds": seconds = try Self.count(option, value, 3...600)
            case "--calls": calls = try Self.count(option, value, 0...2_000)
            default: throw Mistake(description: "unknown option \(option); \(Self.usage)")
            }
        }
        guard leads <= contacts else {
            throw Mistake(description: "each lead has a contact: --leads is at most --contacts")
        }
    }

    private static func count(_ option: String, _ value: String, _ range: ClosedRange<Int>) throws(Mistake) -> Int {
        guard let number = Int(value), range.contains(number) else {
            throw Mistake(
                description: "\(option) \(value): a number from \(range.lowerBound) to \(range.upperBound) is wanted")
        }
        return number
    }
}
