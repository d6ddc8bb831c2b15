import Foundation
import Testing

@testable import Compliance

/// Days and holidays, against Foundation's calendar and against lists of dates.
@Suite struct CalendarDayTests {
    @Test func `days and weekdays are those of Foundation's calendar`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var day = try #require(CalendarDay(year: 1999, month: 12, day: 28))
        var date = try #require(calendar.date(from: DateComponents(year: 1999, month: 12, day: 28)))
        for _ in 0..<20_000 {
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
            let weekday = ((parts.weekday ?? 0) + 5) % 7 + 1
            #expect([day.year, day.month, day.day, day.weekday] == [parts.year, parts.month, parts.day, weekday])
            #expect(try #require(day.next).previous == day)
            day = try #require(day.next)
            date += 86_400
        }
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-10", "26-01-10", "2026-01-32", "", "2026-01", "+026-01-01",
    ])
    func `what is no day is none`(_ text: String) { #expect(CalendarDay(text) == nil) }

    @Test(arguments: [
        (2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2027, "2027-03-28"), (2038, "2038-04-25"),
        (2049, "2049-04-18"), (2008, "2008-03-23"), (1961, "1961-04-02"),
    ])
    func `Easter is where it was and will be`(_ year: Int, _ day: String) {
        #expect(Holiday.easterSunday(year)?.description == day)
    }

    @Test(arguments: [
        ("thanksgiving", #"{"name":"x","month":11,"weekday":4,"nth":4}"#, ["2026-11-26"]),
        ("memorial", #"{"name":"x","month":5,"weekday":1,"nth":-1}"#, ["2026-05-25"]),
        ("election", #"{"name":"x","month":11,"weekday":1,"nth":1,"offset":1}"#, ["2026-11-03"]),
        ("good friday", #"{"name":"x","easter":-2}"#, ["2026-04-03"]),
        ("saturday", #"{"name":"x","month":7,"day":4,"observed":true}"#, ["2026-07-04", "2026-07-03"]),
        ("sunday", #"{"name":"x","month":3,"day":1,"observed":true}"#, ["2026-03-01", "2026-03-02"]),
        ("leap", #"{"name":"x","month":2,"day":29}"#, []),
    ])
    func `a holiday is found in its year`(_ what: String, _ json: String, _ days: [String]) throws {
        let holiday = try JSONDecoder().decode(Holiday.self, from: Data(json.utf8))

        #expect(holiday.days(in: 2026).map(\.description) == days, "\(what)")
    }

    @Test(arguments: [
        #"{"mon_fri":["08:00"]}"#, #"{"mon_fri":["21:00","08:00"]}"#, #"{"mon":["08:00","25:00"]}"#,
        #"{"weekend":["08:00","09:00"]}"#, #"{"mon":["8:00","9:00"]}"#, "[]",
    ])
    func `hours that are none are refused`(_ json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(CallingHours.self, from: Data(json.utf8)) }
    }

    @Test func `a rule set with a mistake is named by it`() {
        let rules = [
            #"{"id":"x","version":"1","source":"s"}"#,
            #"{"id":"x","version":"1","source":"s","consent":"express","days_after_talk":3}"#,
            #"{"id":"x","version":"1","source":"s","holidays":[{"name":"no day","month":2,"day":30}]}"#,
        ]
        for rule in rules {
            let text = #"{"id":"s","version":"1","title":"t","countries":["US"],"rules":[\#(rule)]}"#
            #expect(throws: RuleBook.Mistake.self) { try RuleBook(["s": text]) }
        }
        #expect(throws: RuleBook.Mistake.self) {
            try RuleBook(["s": #"{"id":"s","version":"1","title":"t","countries":["US"],"includes":["no"],"rules":[]}"#]
            )
        }
    }

    @Test func `the shipped sets are whole, each rule with an id of its own, a source and a version`() {
        let book = RuleBook.shipped

        #expect(book.choices.map(\.id) == ["ca", "eu", "in", "uk", "us", "us_conservative"])
        let rules = ["platform"].compactMap(book.set).flatMap(\.rules) + book.choices.flatMap(\.rules)
        #expect(Set(rules.map(\.id)).count == rules.count)
        #expect(rules.allSatisfy { !$0.source.isEmpty && CalendarDay($0.version) != nil })
        #expect(rules.count >= 60)
    }
}
