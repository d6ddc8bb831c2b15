import Compliance
import Foundation
import Testing

@testable import Dialing

@Suite struct DialDeskTests {
    @Test(arguments: [(600, 0, 120.0), (2, 0, 120), (1, 0, 60), (1, 59, 1), (2, 30, 90)])
    func `what the gate has allowed holds for two minutes, and not beyond the hours`(
        _ minutesOpen: Int, _ secondOfMinute: Int, _ seconds: Double
    ) {
        let question = DialQuestion(
            at: Date(timeIntervalSince1970: 1_796_144_400 + Double(secondOfMinute)), number: "+13125550100",
            numberKind: "mobile", country: "US", regions: [], localTimes: [], purpose: .marketing, consent: .none)

        #expect(DialDesk.secondsValid(question, minutesOpen: minutesOpen) == seconds)
    }
}
