import Foundation
import SpokenLanguage
import Testing

@Suite struct SpokenTimeTests {
    /// Saturday, 21 November 2026, 10:00 in New York.
    private let now = Date(timeIntervalSince1970: 1_795_273_200)
    private let zone = TimeZone(identifier: "America/New_York") ?? .gmt

    private func reads(_ said: String) -> [String] {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = zone
        format.dateFormat = "yyyy-MM-dd HH:mm"
        return SpokenTime.find(in: said, now: now, timeZone: zone).map {
            format.string(from: $0.date) + ($0.hasTimeOfDay ? "" : " \($0.precision)")
        }
    }

    @Test(arguments: [
        ("tuesday at three", "2026-11-24 15:00"), ("Tuesday at 3 PM", "2026-11-24 15:00"),
        ("on tuesday at 3:30", "2026-11-24 15:30"),
        ("tomorrow morning", "2026-11-22 09:00 partOfDay"), ("next week", "2026-11-23 09:00 week"),
        ("in two weeks", "2026-12-05 09:00 day"), ("monday afternoon at two thirty", "2026-11-23 14:30"),
        ("the fifth of march", "2027-03-05 09:00 day"), ("at ten a m", "2026-11-22 10:00"),
        ("at eleven", "2026-11-21 11:00"),
        ("tomorrow at nine", "2026-11-22 09:00"), ("next friday at noon", "2026-11-27 12:00"),
        ("wednesday at half past two", "2026-11-25 14:30"), ("thursday at quarter to four", "2026-11-26 15:45"),
        ("thursday at a quarter past nine", "2026-11-26 09:15"), ("monday at eight in the evening", "2026-11-23 20:00"),
        ("friday two pm", "2026-11-27 14:00"), ("december third at four o'clock", "2026-12-03 16:00"),
        ("three o'clock tomorrow", "2026-11-22 15:00"), ("next week on thursday at ten", "2026-11-26 10:00"),
        ("tuesday next week at one", "2026-11-24 13:00"), ("in half an hour", "2026-11-21 10:30"),
        ("in an hour", "2026-11-21 11:00"),
        ("three days from now", "2026-11-24 09:00 day"), ("next month", "2026-12-01 09:00 month"),
        ("end of the month", "2026-11-30 09:00 day"), ("day after tomorrow", "2026-11-23 09:00 day"),
        ("on the fifth", "2026-12-05 09:00 day"), ("march 5th at 2pm", "2027-03-05 14:00"),
        ("this afternoon", "2026-11-21 14:00 partOfDay"),
        ("tonight", "2026-11-21 18:00 partOfDay"), ("a week from tuesday", "2026-12-01 09:00 day"),
        ("nine thirty on monday", "2026-11-23 09:30"), ("monday at seven am", "2026-11-23 07:00"),
        ("can you call me tuesday at three please", "2026-11-24 15:00"), ("in march", "2027-03-01 09:00 month"),
        ("at 15:00 on monday", "2026-11-23 15:00"), ("tuesday the twenty fourth at two", "2026-11-24 14:00"),
    ])
    func `a time is read in the speaker's zone`(_ said: String, _ moment: String) {
        #expect(reads(said) == [moment])
    }

    @Test(arguments: [
        "", "I have three kids", "at ten percent", "at ten thousand dollars", "the first time", "second option",
        "may I ask",
        "we march on", "last tuesday", "a few people", "look at two things", "at three hundred", "one of the two",
        "the morning coffee", "in two offices", "yesterday",
    ])
    func `no time is heard where none is named`(_ said: String) {
        #expect(reads(said).isEmpty)
    }

    @Test func `two times are two mentions`() {
        #expect(reads("tuesday at three or maybe thursday at four") == ["2026-11-24 15:00", "2026-11-26 16:00"])
    }

    @Test func `a clock change does not move the hour`() {
        // Clocks go forward on 14 March 2027.
        #expect(reads("march fifteenth at nine am") == ["2027-03-15 09:00"])
    }

    @Test func `another zone is another moment`() throws {
        let london = try #require(TimeZone(identifier: "Europe/London"))

        let there = try #require(SpokenTime.find(in: "tuesday at three", now: now, timeZone: london).first)
        let here = try #require(SpokenTime.find(in: "tuesday at three", now: now, timeZone: zone).first)

        #expect(here.date.timeIntervalSince(there.date) == 5 * 3_600)
    }
}
