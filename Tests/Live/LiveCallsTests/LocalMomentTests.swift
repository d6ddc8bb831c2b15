import Foundation
import Testing

@testable import LiveCalls

@Suite struct LocalMomentTests {
    @Test(arguments: ["GMT", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
    func `a moment reads as a formatter would write it`(zoneName: String) throws {
        let zone = try #require(TimeZone(identifier: zoneName))
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = zone
        formatter.dateFormat = "EEEE, d MMMM yyyy, HH:mm"
        // Five years around the turn of a leap year, at an odd step; and before 1970.
        for step in 0..<2_000 {
            let date = Date(timeIntervalSince1970: 1_700_000_000 + Double(step) * 79_321.7)
            #expect(LocalMoment.text(date, in: zone) == formatter.string(from: date))
        }
        let early = Date(timeIntervalSince1970: -86_400.5)
        #expect(LocalMoment.text(early, in: zone) == formatter.string(from: early))
    }
}
