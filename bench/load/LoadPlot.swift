import Foundation

/// Delay percentiles, CPU and memory against calls, as one SVG.
package enum LoadPlot {
    private struct Curve {
        var name: String
        var colour: String
        var points: [(x: Double, y: Double)]
    }

    private static let (width, height, left, top, gap) = (420.0, 260.0, 60.0, 40.0, 80.0)

    package static func svg(_ result: LoadResult) -> String {
        let targets = result.levels.map(\.target).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        func curves(_ name: String, _ colours: [String], _ value: (LevelResult) -> Double?) -> [Curve] {
            targets.enumerated().map { number, target in
                Curve(
                    name: targets.count > 1 ? "\(name) \(target)" : name, colour: colours[number % colours.count],
                    points: result.levels.filter { $0.target == target }
                        .compactMap { level in value(level).map { (Double(level.callsOpen), $0) } }
                        .sorted { $0.0 < $1.0 })
            }
        }
        let delays =
            curves("in p50", ["#7fb3ff", "#bbb", "#fc8"]) { $0.callerToAgent.p50 }
            + curves("in p99", ["#1f5fbf", "#777", "#c80"]) { $0.callerToAgent.p99 }
            + curves("out p99", ["#bf3f1f", "#444", "#a60"]) { $0.agentToCaller.p99 }
        let panels = [
            ("added delay, ms", delays),
            ("CPU, ms a call-second", curves("CPU", ["#1f7f3f", "#777", "#c80"]) { $0.cpuMsPerCallSecond }),
            (
                "resident memory, MB",
                curves("RSS", ["#7f3f9f", "#777", "#c80"]) { $0.residentKB.map { Double($0) / 1_024 } }
            ),
        ]
        let total = left + Double(panels.count) * (width + gap)
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(total))" height="\(Int(height + top + 60))" \
            font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="white"/>
            <text x="\(Int(left))" y="18">parley bench, \(escape(result.date)), \(escape(result.machine.processor)), \
            \(result.machine.cores) cores\(result.isBelievable ? "" : " – generator late: not to be believed")</text>

            """
        for (number, panel) in panels.enumerated() {
            svg += draw(panel.0, panel.1, x: left + Double(number) * (width + gap))
        }
        return svg + "</svg>\n"
    }

    private static func draw(_ title: String, _ curves: [Curve], x: Double) -> String {
        let points = curves.flatMap(\.points)
        let xMax = max(1, points.map(\.x).max() ?? 1)
        let yMax = max(0.001, (points.map(\.y).max() ?? 1) * 1.1)
        func place(_ point: (x: Double, y: Double)) -> String {
            LoadTable.decimal(x + point.x / xMax * width, 1) + ","
                + LoadTable.decimal(top + height - point.y / yMax * height, 1)
        }
        var svg =
            "<g><rect x=\"\(x)\" y=\"\(top)\" width=\"\(width)\" height=\"\(height)\" fill=\"none\" stroke=\"#ccc\"/>\n"
        svg += "<text x=\"\(x + 4)\" y=\"\(top - 6)\">\(title) against calls</text>\n"
        for step in 0...4 {
            let share = Double(step) / 4
            let y = top + height - share * height
            svg += "<text x=\"\(x - 6)\" y=\"\(y + 4)\" text-anchor=\"end\">\(label(yMax * share))</text>\n"
            svg += "<text x=\"\(x + share * width)\" y=\"\(top + height + 16)\" text-anchor=\"middle\">"
            svg += "\(Int(xMax * share))</text>\n"
        }
        for (number, curve) in curves.enumerated() {
            let path = curve.points.map(place).joined(separator: " ")
            svg += "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(curve.colour)\" stroke-width=\"2\"/>\n"
            for point in curve.points {
                let at = place(point).split(separator: ",")
                svg += "<circle cx=\"\(at[0])\" cy=\"\(at[1])\" r=\"3\" fill=\"\(curve.colour)\"/>\n"
            }
            let y = top + 16 + Double(number) * 15
            svg += "<text x=\"\(x + 8)\" y=\"\(y)\" fill=\"\(curve.colour)\">\(curve.name)</text>\n"
        }
        return svg + "</g>\n"
    }

    private static func label(_ value: Double) -> String {
        LoadTable.decimal(value, value >= 20 ? 0 : value >= 2 ? 1 : 2)
    }

    private static func escape(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    }
}
