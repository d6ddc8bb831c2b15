/// Curves in panels side by side, as one SVG. Whoever draws something over something draws it here.
package struct Plot: Sendable {
    package struct Curve: Sendable {
        package var name: String
        /// Of CSS; nil: one that no curve beside it has.
        package var colour: String?
        package var points: [(x: Double, y: Double)]

        package init(_ name: String, colour: String? = nil, points: [(x: Double, y: Double)]) {
            self.name = name
            self.colour = colour
            self.points = points
        }
    }

    package struct Panel: Sendable {
        package var title: String
        package var curves: [Curve]

        package init(_ title: String, _ curves: [Curve]) {
            self.title = title
            self.curves = curves
        }
    }

    package var title: String
    package var panels: [Panel]

    package init(_ title: String, _ panels: [Panel]) {
        self.title = title
        self.panels = panels
    }

    private static let (width, height, left, top, gap) = (420.0, 260.0, 60.0, 40.0, 80.0)
    private static let colours = ["#1f5fbf", "#bf3f1f", "#1f7f3f", "#7f3f9f", "#c80", "#777"]
    /// Where there are more, dots would hide the line.
    private static let dotsMax = 40

    package var svg: String {
        let total = Self.left + Double(panels.count) * (Self.width + Self.gap)
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(total))" height="\(Int(Self.height + Self.top + 60))" \
            font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="white"/>
            <text x="\(Int(Self.left))" y="18">\(Self.escaped(title))</text>

            """
        for (number, panel) in panels.enumerated() {
            svg += Self.draw(panel, x: Self.left + Double(number) * (Self.width + Self.gap))
        }
        return svg + "</svg>\n"
    }

    private static func draw(_ panel: Panel, x: Double) -> String {
        let points = panel.curves.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
        let xMax = max(points.map(\.x).max() ?? 1, 0.001)
        let yMax = max((points.map(\.y).max() ?? 1) * 1.1, 0.001)
        func place(_ point: (x: Double, y: Double)) -> (x: String, y: String) {
            (
                decimal(x + point.x / xMax * width, places: 1),
                decimal(top + height - max(point.y, 0) / yMax * height, places: 1)
            )
        }
        var svg =
            "<g><rect x=\"\(x)\" y=\"\(top)\" width=\"\(width)\" height=\"\(height)\" fill=\"none\" stroke=\"#ccc\"/>\n"
        svg += "<text x=\"\(x + 4)\" y=\"\(top - 6)\">\(escaped(panel.title))</text>\n"
        for step in 0...4 {
            let share = Double(step) / 4
            let y = top + height - share * height
            svg += "<text x=\"\(x - 6)\" y=\"\(y + 4)\" text-anchor=\"end\">\(label(yMax * share))</text>\n"
            svg += "<text x=\"\(x + share * width)\" y=\"\(top + height + 16)\" text-anchor=\"middle\">"
            svg += "\(label(xMax * share))</text>\n"
        }
        for (number, curve) in panel.curves.enumerated() {
            let colour = escaped(curve.colour ?? colours[number % colours.count])
            let places = curve.points.filter { $0.x.isFinite && $0.y.isFinite }.map(place)
            let path = places.map { "\($0.x),\($0.y)" }.joined(separator: " ")
            svg += "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\"/>\n"
            for place in places where places.count <= dotsMax {
                svg += "<circle cx=\"\(place.x)\" cy=\"\(place.y)\" r=\"3\" fill=\"\(colour)\"/>\n"
            }
            let y = top + 16 + Double(number) * 15
            svg += "<text x=\"\(x + 8)\" y=\"\(y)\" fill=\"\(colour)\">\(escaped(curve.name))</text>\n"
        }
        return svg + "</g>\n"
    }

    private static func label(_ value: Double) -> String {
        decimal(value, places: value >= 20 || value == 0 ? 0 : value >= 2 ? 1 : value >= 0.1 ? 2 : 3)
    }

    /// With so many places behind the point: 3.10.
    package static func decimal(_ value: Double, places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        guard let whole = Int(exactly: (abs(value) * scale).rounded()) else { return "\(value)" }
        let digits = String(whole)
        let padded = String(repeating: "0", count: max(places + 1 - digits.count, 0)) + digits
        let sign = value < 0 && whole > 0 ? "-" : ""
        return places == 0 ? sign + padded : "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
    }

    /// As text and as an attribute; what XML has no place for at all is left out.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars where character.value >= 0x20 {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
