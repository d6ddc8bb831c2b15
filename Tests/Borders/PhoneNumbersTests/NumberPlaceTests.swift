import CallModel
import Foundation
import Testing

@testable import PhoneNumbers

/// Where numbers are at home, by libphonenumber's tables.
@Suite struct NumberPlaceTests {
    private func place(_ number: String) throws -> NumberPlace { NumberPlace(of: try #require(E164(number))) }

    @Test(arguments: [
        ("+12125550100", ["America/New_York"], ["US-NY"]), ("+13125550100", ["America/Chicago"], ["US-IL"]),
        ("+18085550100", ["Pacific/Honolulu"], ["US-HI"]), ("+16045550100", ["America/Vancouver"], ["CA-BC"]),
        ("+19025550100", ["America/Halifax"], ["CA-NS", "CA-PE"]), ("+17875550100", ["America/Puerto_Rico"], ["US-PR"]),
        ("+442079460000", ["Europe/London"], []), ("+61255501234", ["Australia/Sydney"], []),
        ("+81312345678", ["Asia/Tokyo"], []), ("+919812345678", ["Asia/Calcutta"], []),
    ])
    func `a number is at home where its first digits are`(_ number: String, _ zones: [String], _ regions: [String])
        throws
    {
        let place = try place(number)

        #expect(place.zones == zones)
        #expect(place.regions == regions)
        #expect(place.zone == zones.first)
    }

    @Test(arguments: [
        ("+18505550100", ["America/Chicago", "America/New_York"]),
        ("+14485550100", ["America/Chicago", "America/New_York"]),
        ("+12705550100", ["America/Chicago", "America/New_York"]),
        ("+13645550100", ["America/Chicago", "America/New_York"]),
        ("+19285550100", ["America/Denver", "America/Phoenix"]),
        ("+14235550100", ["America/Chicago", "America/New_York"]),
    ])
    func `an area with several times, and what is laid over it, has all of them`(_ number: String, _ zones: [String])
        throws
    {
        let place = try place(number)

        #expect(place.zones == zones)
        #expect(place.zone == nil)
    }

    @Test(arguments: ["+17785550100", "+12365550100", "+12575550100", "+16725550100"])
    func `a code that is laid over all of a province has the times of all its parts`(_ number: String) throws {
        #expect(try place(number).zones == ["America/Edmonton", "America/Vancouver"])
    }

    @Test func `a mobile number of Spain may be on the Canary Islands`() throws {
        #expect(try place("+34612345678").zones == ["Atlantic/Canary", "Europe/Madrid"])
        #expect(try place("+34912345678").zones == ["Europe/Madrid"])
    }

    @Test(arguments: [
        ("FL", "US-FL", ["America/Chicago", "America/New_York"]),
        ("florida", "US-FL", ["America/Chicago", "America/New_York"]),
        ("US-CA", "US-CA", ["America/Los_Angeles"]), (" new  york ", "US-NY", ["America/New_York"]),
        ("Ontario", "CA-ON", ["America/Toronto", "America/Winnipeg"]),
    ])
    func `an address has a state, by its name or its code`(_ written: String, _ region: String, _ zones: [String])
        throws
    {
        let place = try #require(NumberPlace.of(state: written))

        #expect(place.regions == [region])
        #expect(place.zones == zones)
    }

    @Test(arguments: ["", "Bavaria", "XX", "US-", "Floridaa"])
    func `what is no state is nowhere`(_ written: String) {
        #expect(NumberPlace.of(state: written) == nil)
    }

    @Test(arguments: ["+18005550100", "+18885550100", "+15005550100", "+19005550100", "+870773110000"])
    func `a number that could be anywhere is nowhere`(_ number: String) throws {
        let place = try place(number)

        #expect(place.zones.isEmpty)
        #expect(place.zone == nil)
    }

    @Test func `zones that tell the same time all year are one`() {
        #expect(NumberPlace.one(of: ["Europe/Berlin", "Europe/Busingen"], at: .now) == "Europe/Berlin")
        #expect(NumberPlace.one(of: ["America/Phoenix", "America/Denver"], at: .now) == nil)
        #expect(NumberPlace.one(of: ["Europe/Nowhere"], at: .now) == nil)
    }

    @Test func `every zone of the tables is one, every region is a state or province`() {
        #expect(NumberPlace.table.count > 1_600)
        for place in NumberPlace.table.all {
            #expect(place.zones.allSatisfy { TimeZone(identifier: $0) != nil }, "\(place)")
            #expect(
                place.regions.allSatisfy { ["US-", "CA-"].contains($0.prefix(3)) && $0.utf8.count == 5 }, "\(place)")
        }
    }

    @Test func `all area codes that are in service have a zone`() throws {
        // 528, 529, 532 and 633 are personal numbers, at home nowhere.
        for area in [
            227, 235, 274, 324, 327, 329, 350, 353, 363, 369, 472, 557, 645, 686, 728, 730, 738, 748, 821, 835, 975,
            983,
        ] {
            let place = NumberPlace.table.place(of: "1\(area)5550100".utf8)

            #expect(!place.zones.isEmpty && place.regions.count == 1, "\(area)")
        }
    }
}
