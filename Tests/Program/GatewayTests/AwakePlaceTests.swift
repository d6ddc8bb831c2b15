import CallModel
import Compliance
import Foundation
import PhoneNumbers
import Testing

@testable import parley

/// The demo and the tests of placed calls run at any hour: somewhere it is always the time.
@Suite struct AwakePlaceTests {
    /// What the gate would be asked of somebody there who has agreed in writing.
    private func question(_ number: String, at moment: Date) throws -> DialQuestion {
        let read = try #require(E164(number))
        let place = NumberPlace(of: read)
        let region = try PhoneNumberReader(region: nil)?.read(number).region
        let clocks = try place.zones.map { name in
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = try #require(TimeZone(identifier: name))
            let now = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: moment)
            let day = CalendarDay(year: now.year ?? 0, month: now.month ?? 0, day: now.day ?? 0)
            return DialQuestion.LocalTime(
                zone: name, day: try #require(day), minute: (now.hour ?? 0) * 60 + (now.minute ?? 0))
        }
        return DialQuestion(
            at: moment, number: number, numberKind: "mobile",
            country: place.regions.first.map { String($0.prefix(2)) } ?? region ?? "", regions: place.regions,
            localTimes: clocks, purpose: .marketing, consent: .expressWritten)
    }

    private func isAllowed(_ number: String, at moment: Date) throws -> Bool {
        DialGate(.shipped, sets: AwakePlace.ruleSets).decide(try question(number, at: moment)).isAllowed
    }

    /// Hours from then on.
    private func hours(_ count: Int, from day: String) throws -> [Date] {
        let first = try #require(try? Date("\(day)T00:00:00Z", strategy: .iso8601))
        return (0..<count).map { first.addingTimeInterval(Double($0) * 3_600) }
    }

    private func check(_ moments: [Date]) throws {
        for moment in moments {
            // Before the hour, where windows are about to close.
            for begin in [moment, moment.addingTimeInterval(59 * 60)] {
                let place = try #require(AwakePlace.at(begin), "nobody is awake at \(begin)")
                #expect(try isAllowed(place.number(1), at: begin), "\(place.title) at \(begin)")
                let end = begin.addingTimeInterval(30 * 60)
                #expect(try isAllowed(place.number(1), at: end), "\(place.title), half an hour after \(begin)")
            }
        }
    }

    @Test(arguments: ["2027-01-11", "2027-03-11", "2027-07-12", "2027-10-29"])
    func `in each hour of a week, in winter, in summer and when clocks change, somewhere people may be called`(
        _ monday: String
    ) throws { try check(try hours(168, from: monday)) }

    @Test(arguments: [
        "2026-11-26", "2026-12-25", "2027-01-01", "2027-01-18", "2027-02-15", "2027-03-26", "2027-05-31", "2027-06-19",
        "2027-07-04", "2027-09-06", "2027-10-02", "2027-11-11", "2028-02-29",
    ])
    func `and on holidays`(_ day: String) throws { try check(try hours(24, from: day)) }

    @Test func `a place is left before its evening, for one where it is morning`() throws {
        let places = try hours(24, from: "2027-01-11").map { AwakePlace.at($0)?.title }

        #expect(Set(places).isSuperset(of: ["Guam", "New Jersey", "India", "Hawaii"]))
        #expect(AwakePlace.at(try hours(1, from: "2027-01-11")[0])?.title == "Guam")
    }
}
