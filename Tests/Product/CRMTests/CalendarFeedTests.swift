import Foundation
import Testing

@testable import CRM

@Suite struct CalendarFeedTests {
    static func event(_ title: String) -> CalendarFeed.Event {
        CalendarFeed.Event(
            id: UUID(uuidString: "11111111-1111-4111-8111-111111111111") ?? UUID(), title: title,
            startsAt: Date(timeIntervalSince1970: 1_772_704_800), endsAt: Date(timeIntervalSince1970: 1_772_706_600),
            changedAt: Date(timeIntervalSince1970: 1_772_000_000))
    }

    @Test func `an event is written as RFC 5545 has it`() {
        var event = Self.event("Demo")
        event.location = "Room 1; left, of \\ the door"
        event.link = "https://meet.test/1"
        event.notes = "One\r\nTwo\nThree"

        let lines = CalendarFeed([event]).text.components(separatedBy: "\r\n")

        #expect(lines.first == "BEGIN:VCALENDAR" && lines.suffix(2) == ["END:VCALENDAR", ""])
        #expect(lines.contains("UID:11111111-1111-4111-8111-111111111111@parley"))
        #expect(lines.contains("DTSTART:20260305T100000Z") && lines.contains("DTEND:20260305T103000Z"))
        #expect(lines.contains("LOCATION:Room 1\\; left\\, of \\\\ the door"))
        #expect(lines.contains("DESCRIPTION:One\\nTwo\\nThree") && lines.contains("URL:https://meet.test/1"))
        #expect(lines.contains("STATUS:CONFIRMED") && lines.contains("SEQUENCE:0"))
    }

    @Test(arguments: [
        "short", String(repeating: "a", count: 300), String(repeating: "é", count: 200),
        String(repeating: "😀", count: 100), "x" + String(repeating: "日本", count: 80),
    ])
    func `no line is longer than 75 octets, no character is taken apart, and unfolded it is the same`(_ title: String) {
        let text = CalendarFeed([Self.event(title)]).text

        for line in text.components(separatedBy: "\r\n") { #expect(line.utf8.count <= 75) }
        #expect(text.replacing("\r\n ", with: "").contains("SUMMARY:\(title)\r\n"))
    }

    @Test func `nothing in a text ends its line`() {
        for text in ["a\u{0}b", "a\nEND:VCALENDAR", "a\u{2028}b", "a\u{7}b", "a\r\nBEGIN:VEVENT", "a\u{85}b"] {
            let lines = CalendarFeed([Self.event(text)]).text.components(separatedBy: "\r\n")
            #expect(lines.count { $0 == "END:VCALENDAR" } == 1 && lines.count { $0 == "BEGIN:VEVENT" } == 1)
            #expect(
                lines.allSatisfy { line in line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } })
        }
        var event = Self.event("x")
        event.link = "https://a.test/\r\nX:1"
        #expect(!CalendarFeed([event]).text.contains("URL"))
    }
}

@Suite struct DemoSlotsTests {
    /// A Thursday, ten in the morning in New York.
    static let now = Date(timeIntervalSince1970: 1_772_722_800)
    static let calendar = TenantCalendar(
        timeZone: TimeZone(identifier: "America/New_York") ?? .gmt, holidays: ["2026-03-06"])

    func hours(_ slots: [DateInterval]) -> [String] {
        slots.map { $0.start.formatted(.iso8601) }
    }

    @Test func `demos are offered in business hours of workdays, with some notice, one a day`() {
        let slots = DemoSlots.free(from: Self.now, calendar: Self.calendar, taken: [])

        // Friday is a holiday, and the clocks go forward on Sunday.
        #expect(hours(slots) == ["2026-03-05T19:00:00Z", "2026-03-09T14:00:00Z", "2026-03-10T14:00:00Z"])
        #expect(slots.allSatisfy { $0.duration == 1_800 })
    }

    @Test func `what is in the calendar already is in the way, what touches it is not`() {
        func taken(_ start: String, _ minutes: Double) throws -> DateInterval {
            DateInterval(start: try Date(start, strategy: .iso8601), duration: minutes * 60)
        }
        let busy = try? [
            taken("2026-03-05T18:00:00Z", 60), taken("2026-03-09T13:00:00Z", 65), taken("2026-03-10T14:10:00Z", 5),
        ]
        let slots = DemoSlots.free(from: Self.now, calendar: Self.calendar, taken: busy ?? [])

        #expect(hours(slots) == ["2026-03-05T19:00:00Z", "2026-03-09T18:00:00Z", "2026-03-10T18:00:00Z"])
    }
}
