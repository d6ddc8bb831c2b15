import Endpoints
import Plots

/// `parley campaign forecast`: what would become of a campaign, day by day.
struct ForecastTable {
    private let told: JSONValue

    init(_ told: JSONValue) { self.told = told }

    private func text(_ value: JSONValue?, places: Int = 0) -> String {
        switch value {
        case .integer(let count)?: places == 0 ? "\(count)" : Plot.decimal(Double(count), places: places)
        case .number(let number)?: Plot.decimal(number, places: places)
        case .text(let text)?: text
        default: "–"
        }
    }

    private func counts(_ value: JSONValue?) -> String {
        guard case .object(let counts)? = value, !counts.isEmpty else { return "nobody" }
        return counts.sorted { $0.key < $1.key }.map {
            "\(text($0.value, places: $0.value.integer == nil ? 1 : 0)) \($0.key.replacing("_", with: " "))"
        }.joined(separator: ", ")
    }

    private func share(_ value: JSONValue?) -> String {
        switch value {
        case .number(let share)?: Plot.decimal(share * 100, places: 1) + " %"
        case .integer(let share)?: "\(share * 100) %"
        default: "–"
        }
    }

    private func row(_ cells: [String]) -> String {
        cells.map { String(repeating: " ", count: max(12 - $0.count, 1)) + $0 }.joined()
    }

    func print() {
        let basis = told["basis"]
        let seen = basis?["calls_seen"]?.integer ?? 0
        Swift.print(
            "\(text(told["open"])) contacts to call, \(text(told["sampled"])) of them looked at; "
                + "\(share(basis?["answer_rate"])) of calls answered, \(share(basis?["reach_rate"])) by people "
                + (seen > 0 ? "(of \(seen) calls in 30 days)" : "(assumed: too few calls in 30 days)"))
        Swift.print(row(["day", "calls", "answered", "reached", "talk min", "cost"]) + "   put off")
        for day in told["days"]?.list ?? [] {
            let cells = [
                String((day["at"]?.text ?? "").prefix(10)), text(day["calls"]), text(day["answered"]),
                text(day["reached"]),
                Plot.decimal(Double(day["talk_seconds"]?.integer ?? 0) / 60, places: 0), text(day["cost"], places: 2),
            ]
            Swift.print(row(cells) + "   " + counts(day["put_off"]))
        }
        Swift.print(
            "\(text(told["calls"])) calls in \(text(told["hours"], places: 1)) hours, \(text(told["reached"])) people reached, "
                + "cost \(text(told["cost"], places: 2)) \(told["currency"]?.text ?? "")")
        Swift.print("In the end: \(counts(told["ends"])); unfinished \(text(told["unfinished"]))")
        Swift.print("Why: \(counts(told["reasons"]))")
        if case .object(let held)? = told["held_up_hours"], !held.isEmpty {
            Swift.print("Hours in which all of it waits: \(counts(told["held_up_hours"]))")
        }
    }
}
