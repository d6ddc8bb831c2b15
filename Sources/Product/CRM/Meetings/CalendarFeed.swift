package import FoundationEssentials

/// Meetings as calendars read them (RFC 5545).
package struct CalendarFeed: Sendable {
    package struct Event: Equatable, Sendable {
        package var id: UUID
        package var title: String
        package var startsAt: Date
        package var endsAt: Date
        package var isCancelled = false
        /// How often it was changed.
        package var sequence = 0
        package var changedAt: Date
        package var location: String?
        package var link: String?
        package var notes: String?

        package init(id: UUID, title: String, startsAt: Date, endsAt: Date, changedAt: Date) {
            self.id = id
            self.title = title
            self.startsAt = startsAt
            self.endsAt = endsAt
            self.changedAt = changedAt
        }
    }

    private static let octetsMax = 75

    package let text: String

    package init(_ events: [Event]) {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parley//Meetings//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        ]
        for event in events {
            lines += [
                "BEGIN:VEVENT", "UID:\(event.id.uuidString.lowercased())@parley",
                "DTSTAMP:\(Self.time(event.changedAt))",
                "DTSTART:\(Self.time(event.startsAt))", "DTEND:\(Self.time(event.endsAt))",
                "SEQUENCE:\(event.sequence)", "STATUS:\(event.isCancelled ? "CANCELLED" : "CONFIRMED")",
                "SUMMARY:\(Self.escaped(event.title))",
            ]
            if let location = event.location { lines.append("LOCATION:\(Self.escaped(location))") }
            if let notes = event.notes { lines.append("DESCRIPTION:\(Self.escaped(notes))") }
            if let link = event.link.flatMap(Self.address) { lines.append("URL:\(link)") }
            lines.append("END:VEVENT")
        }
        lines.append("END:VCALENDAR")
        text = lines.map { Self.folded($0) + "\r\n" }.joined()
    }

    /// 3.3.5, form 2: `20260305T100000Z`.
    static func time(_ date: Date) -> String {
        date.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
    }

    /// 3.3.11: a line break is `\n`; other control characters have no place in a text.
    static func escaped(_ text: String) -> String {
        var out = ""
        var wasReturn = false
        for scalar in text.unicodeScalars {
            defer { wasReturn = scalar == "\r" }
            switch scalar {
            case "\\", ";", ",": out += "\\\(scalar)"
            case "\n" where wasReturn: continue
            case "\r", "\n", "\u{85}", "\u{2028}", "\u{2029}": out += "\\n"
            case "\t": out += " "
            default: if scalar.value >= 0x20, scalar.value != 0x7F { out.unicodeScalars.append(scalar) }
            }
        }
        return out
    }

    /// 3.1: no line is longer than 75 octets; what goes on begins with a blank. No character is taken apart.
    static func folded(_ line: String) -> String {
        var out = ""
        var octets = 0
        for scalar in line.unicodeScalars {
            let length = UTF8.width(scalar)
            if octets + length > octetsMax {
                out += "\r\n "
                octets = 1
            }
            out.unicodeScalars.append(scalar)
            octets += length
        }
        return out
    }

    /// An address stands as it is, hence only one that is nothing else.
    private static func address(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isPlain && (text.hasPrefix("https://") || text.hasPrefix("http://")) ? text : nil
    }
}
