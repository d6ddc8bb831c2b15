import Testing

@testable import Campaigns

@Suite struct CampaignPaceTests {
    @Test func `a fixed pace is even within the second, and what was missed is no burst`() {
        let pace = CampaignPace(mode: .fixed, callsPerSecond: 10, callsMax: 100)

        #expect(pace.due(late: -0.001, free: 100) == 0)
        #expect(pace.due(late: 0, free: 100) == 1)
        #expect(pace.due(late: 0.05, free: 100) == 1)
        #expect(pace.due(late: 3_600, free: 100) == 2)
        #expect(pace.due(late: 1, free: 0) == 0)
        #expect(abs(pace.advance(late: 0.05, dialled: 1) - 0.1) < 1e-9)
        // An hour late: the next is due from now on.
        #expect(abs(pace.advance(late: 3_600, dialled: 2) - 3_600.1) < 1e-6)
        #expect(pace.advance(late: 3_600, dialled: 0) == 0)
    }

    @Test func `dialled by the clock, ten calls a second are ten calls a second`() {
        let pace = CampaignPace(mode: .fixed, callsPerSecond: 10, callsMax: 1_000)
        var (next, dialled): (Double, [Double]) = (0, [])
        // Looked at every 7 ms for 10 s.
        for tick in 0..<1_429 {
            let now = Double(tick) * 0.007
            let due = pace.due(late: now - next, free: 1_000)
            next += pace.advance(late: now - next, dialled: due)
            dialled += Array(repeating: now, count: due)
        }

        #expect((99...101).contains(dialled.count), "\(dialled.count)")
        for second in 0..<9 {
            let within = dialled.filter { Int($0) == second }
            #expect((9...11).contains(within.count), "second \(second): \(within.count)")
            let halves = within.filter { $0 - Double(second) < 0.5 }.count
            #expect((4...6).contains(halves), "second \(second)")
        }
    }

    @Test func `without a pace a call begins for each free place`() {
        let pace = CampaignPace()

        #expect(pace.places == 5)
        #expect(pace.due(late: 0, free: 3) == 3)
        #expect(pace.due(late: 0, free: -2) == 0)
        #expect(pace.due(late: 0, free: 10_000) == CampaignPace.claimMax)
        #expect(pace.due(late: -5, free: 3) == 0)
        #expect(pace.advance(late: 7, dialled: 0) == 0)
    }

    @Test func `a pace of nonsense is none that dials faster than allowed`() {
        for rate in [-1, 0, .nan, .infinity, 1e9] {
            let pace = CampaignPace(mode: .fixed, callsPerSecond: rate, callsMax: 50)
            #expect(pace.due(late: 1e12, free: 50) <= 3, "\(rate)")
        }
    }

    @Test(arguments: [Int.min, -1, 0, 1_001, Int.max])
    func `places that nobody could have set are the nearest that one can`(_ callsMax: Int) {
        var pace = CampaignPace(mode: .predictive, callsMax: callsMax, abandonMax: 0.03)
        var measure = PaceMeasure()
        (measure.calls, measure.answered, measure.reached) = (500, 200, 1_000)

        #expect(pace.places == (callsMax > 1_000 ? 1_000 : 1))
        #expect(pace.ahead.map { $0.underWayMax(talking: 0, after: measure) >= pace.places } == true)
        pace.mode = .fixed
        #expect(pace.ahead == nil)
    }
}
