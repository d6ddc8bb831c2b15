import Foundation

/// How many fields of a labelled set were read right, not at all, or wrong.
struct Score {
    /// What ``Score`` has to reach, as shares of all fields.
    struct Floor: Decodable {
        var rightMin: Double
        var wrongMax: Double
    }

    let kind: String
    let half: LabelledSet.Half
    var utterances = 0
    private(set) var right = 0
    private(set) var nothing = 0
    private(set) var wrong = 0
    /// Callers who asked not to be called again: those found, those missed, and others who were taken for some.
    private var optOuts = (found: 0, missed: 0, false: 0)
    /// Of the half that may be looked at.
    var failures: [String] = []

    init(kind: String, half: LabelledSet.Half) {
        self.kind = kind
        self.half = half
    }

    mutating func count(_ verdict: ReadCall.Verdict) {
        switch verdict {
        case .right: right += 1
        case .nothing: nothing += 1
        case .wrong: wrong += 1
        }
    }

    mutating func countOptOut(wanted: Bool, read: Bool) {
        if wanted, read { optOuts.found += 1 }
        if wanted, !read { optOuts.missed += 1 }
        if !wanted, read { optOuts.false += 1 }
    }

    private var fields: Int { right + nothing + wrong }
    private func share(_ count: Int) -> Double { fields == 0 ? 0 : Double(count) / Double(fields) }

    static let heading =
        "kind          half    calls fields  right nothing wrong  right %  wrong %  opt-outs found of, false"

    var line: String {
        let optOutsWanted = optOuts.found + optOuts.missed
        let named =
            kind.padding(toLength: 14, withPad: " ", startingAt: 0)
            + half.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0)
        return named
            + String(
                format: "%6d %6d %6d %7d %5d   %6.1f   %6.1f", utterances, fields, right, nothing, wrong,
                100 * share(right), 100 * share(wrong))
            + (optOutsWanted + optOuts.false > 0 ? "  \(optOuts.found) of \(optOutsWanted), \(optOuts.false)" : "")
    }

    /// What `floor` asks for and is not there.
    func shortfall(of floor: Floor) -> [String] {
        var found: [String] = []
        if share(right) < floor.rightMin {
            found.append(String(format: "right %.3f, at least %.3f", share(right), floor.rightMin))
        }
        if share(wrong) > floor.wrongMax {
            found.append(String(format: "wrong %.3f, at most %.3f", share(wrong), floor.wrongMax))
        }
        return found.map { "\(kind) \(half.rawValue): \($0)" }
    }
}
