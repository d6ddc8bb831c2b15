/// When somebody may be called, by the clock on their wall. Minutes of the day; the end is not included.
package struct CallingHours: Codable, Equatable, Sendable {
    /// Monday first, seven of them; nil: not on that day.
    let days: [Range<Int>?]

    /// `{"mon_fri": ["08:00", "21:00"], "sat": ["10:00", "18:00"]}`: days that are not named are closed. `mon_sun`, `mon_sat`, `mon_fri`,
    /// `sat_sun`, and each day by itself; the shorter name wins.
    package init(from decoder: any Decoder) throws {
        let named = try decoder.singleValueContainer().decode([String: [String]].self)
        var days = [Range<Int>?](repeating: nil, count: 7)
        for (names, range) in Self.spans {
            guard let text = named[names] else { continue }
            guard let span = Self.span(text) else {
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: decoder.codingPath,
                        debugDescription: "`\(names)` is no span like [\"08:00\", \"21:00\"]"))
            }
            for day in range { days[day] = span }
        }
        if let unknown = named.keys.first(where: { name in !Self.spans.contains { $0.0 == name } }) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "there are no days `\(unknown)`"))
        }
        self.days = days
    }

    package func encode(to encoder: any Encoder) throws {
        var named: [String: [String]] = [:]
        for (names, range) in Self.spans.suffix(7) {
            guard let day = range.first, let span = days[day] else { continue }
            named[names] = [Self.clock(span.lowerBound), Self.clock(span.upperBound)]
        }
        var container = encoder.singleValueContainer()
        try container.encode(named)
    }

    /// `mon 09:00-17:00, tue …`
    package var text: String {
        days.enumerated().compactMap { index, span in
            span.map { "\(Self.spans[index + 4].0) \(Self.clock($0.lowerBound))-\(Self.clock($0.upperBound))" }
        }.joined(separator: ", ")
    }

    private static let spans: [(String, Range<Int>)] = [
        ("mon_sun", 0..<7), ("mon_sat", 0..<6), ("mon_fri", 0..<5), ("sat_sun", 5..<7), ("mon", 0..<1), ("tue", 1..<2),
        ("wed", 2..<3), ("thu", 3..<4), ("fri", 4..<5), ("sat", 5..<6), ("sun", 6..<7),
    ]

    private static func span(_ text: [String]) -> Range<Int>? {
        guard text.count == 2, let start = minute(text[0]), let end = minute(text[1]), start < end else { return nil }
        return start..<end
    }

    private static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [2, 2], let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0...24).contains(hour), (0...59).contains(minute), hour * 60 + minute <= 24 * 60
        else { return nil }
        return hour * 60 + minute
    }

    static func clock(_ minute: Int) -> String {
        let parts = [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return parts.joined(separator: ":")
    }
}
