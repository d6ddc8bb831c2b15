import Foundation
import Testing

@testable import Compliance

/// What the gate says of calls in the United States, by values.
@Suite struct DialGateTests {
    /// A Tuesday in Illinois, whose clock says 11:00, in writing agreed to.
    private func question(
        _ day: String = "2026-12-01", _ clock: String = "11:00", zone: String = "America/Chicago",
        region: String = "US-IL"
    ) throws -> DialQuestion {
        let parts = clock.split(separator: ":").compactMap { Int($0) }
        return DialQuestion(
            at: Date(timeIntervalSince1970: 1_796_144_400), number: "+13125550100", numberKind: "fixed_or_mobile",
            country: "US", regions: [region],
            localTimes: [
                .init(zone: zone, day: try #require(CalendarDay(day)), minute: parts[0] * 60 + parts[1])
            ], purpose: .marketing, consent: .expressWritten)
    }

    private func codes(_ question: DialQuestion, _ sets: [String] = ["us"]) -> Set<DialVerdict.Code> {
        Set(DialGate(.shipped, sets: sets).decide(question).refusals.map(\.code))
    }

    @Test func `a call that everything speaks for is allowed, by rules that are named`() throws {
        let verdict = DialGate(.shipped, sets: ["us_conservative"]).decide(try question())

        #expect(verdict.isAllowed, "\(verdict.refusals)")
        let applied = Set(verdict.applied.map(\.rule))
        #expect(
            applied.isSuperset(of: ["us-fed-hours", "us-il-hours", "us-conservative-hours", "us-consent-marketing"]))
        #expect(verdict.applied.allSatisfy { !$0.version.isEmpty && $0.isMet })
        #expect(applied.isDisjoint(with: ["us-fl-hours", "us-fdcpa-hours", "us-pa-holidays"]))
    }

    @Test(arguments: [
        // Federal hours, the end not included; Illinois begins at nine.
        ("2026-12-01", "08:59", "US-IL", false), ("2026-12-01", "09:00", "US-IL", true),
        ("2026-12-01", "20:59", "US-IL", true), ("2026-12-01", "21:00", "US-IL", false),
        ("2026-12-01", "08:00", "US-NJ", true), ("2026-12-01", "07:59", "US-NJ", false),
        // Florida ends at eight, Kentucky begins at ten, Alabama has no Sunday, Texas one that begins at noon.
        ("2026-12-01", "20:00", "US-FL", false), ("2026-12-01", "19:59", "US-FL", true),
        ("2026-12-01", "09:59", "US-KY", false), ("2026-12-06", "12:00", "US-AL", false),
        ("2026-12-06", "11:59", "US-TX", false), ("2026-12-06", "12:00", "US-TX", true),
        // Pennsylvania's new hours hold from their day on.
        ("2026-10-17", "12:30", "US-PA", true), ("2026-10-24", "12:30", "US-PA", false),
        ("2026-10-25", "11:00", "US-PA", false), ("2026-10-11", "11:00", "US-PA", true),
    ])
    func `hours are those of the state, on the wall of the called party`(
        _ day: String, _ clock: String, _ region: String, _ isOpen: Bool
    ) throws {
        #expect(codes(try question(day, clock, region: region)) == (isOpen ? [] : [.outsideHours]))
    }

    @Test(arguments: [
        ("20:58", "US-NJ", 2), ("19:59", "US-FL", 1), ("20:00", "US-FL", 0), ("11:00", "US-NJ", 600),
    ])
    func `a call is allowed until the first of the hours end`(_ clock: String, _ region: String, _ minutes: Int) throws
    {
        var question = try question("2026-12-01", clock, region: region)
        let gate = DialGate(.shipped, sets: ["us"])

        #expect(gate.minutesOpen(question) == minutes)
        // On another wall it is an hour later.
        let local = try #require(question.localTimes.first)
        question.localTimes.append(.init(zone: "America/New_York", day: local.day, minute: local.minute + 60))
        #expect(gate.minutesOpen(question) == max(minutes - 60, 0))
    }

    @Test(arguments: [
        ("2026-07-03", "US-UT"), ("2026-07-04", "US-UT"), ("2026-07-24", "US-UT"), ("2026-11-03", "US-PA"),
        ("2026-02-17", "US-LA"), ("2026-04-03", "US-LA"), ("2026-11-27", "US-LA"), ("2026-05-04", "US-RI"),
        ("2027-12-31", "US-AL"), ("2026-08-10", "US-RI"),
    ])
    func `a state's holidays are kept, observed ones on both days`(_ day: String, _ region: String) throws {
        #expect(codes(try question(day, "11:00", region: region)).contains(.holiday))
        #expect(codes(try question(day, "11:00", region: "US-NJ")).isDisjoint(with: [.holiday]))
    }

    @Test func `every zone somebody may be in has to be open, and every state's rule is met`() throws {
        var question = try question("2026-12-01", "08:30", zone: "America/New_York", region: "US-NJ")
        #expect(codes(question).isEmpty)
        question.localTimes.append(
            .init(zone: "America/Chicago", day: try #require(CalendarDay("2026-12-01")), minute: 7 * 60 + 30))
        #expect(codes(question) == [.outsideHours])

        var moved = try self.question("2026-12-01", "20:30", region: "US-NJ")
        moved.regions.append("US-FL")
        #expect(codes(moved) == [.outsideHours])
    }

    @Test func `what is not known is a refusal`() throws {
        var nowhere = try question()
        nowhere.localTimes = []
        #expect(codes(nowhere) == [.placeUnknown])

        var stateless = try question()
        stateless.regions = []
        #expect(codes(stateless) == [.placeUnknown])

        var abroad = try question()
        abroad.country = "GB"
        #expect(codes(abroad) == [.countryNotCovered])
    }

    @Test(arguments: [
        (
            CallingRule.Purpose.marketing, CallingRule.ConsentLevel.express,
            [DialVerdict.Code.consentMissing, .doNotCallListMissing]
        ),
        (.marketing, .expressWritten, []), (.informational, .none, [.consentMissing]), (.informational, .express, []),
        (.survey, .express, []),
    ])
    func `consent is asked for by purpose`(
        _ purpose: CallingRule.Purpose, _ level: CallingRule.ConsentLevel, _ wanted: [DialVerdict.Code]
    ) throws {
        var question = try question()
        (question.purpose, question.consent) = (purpose, level)
        #expect(codes(question) == Set(wanted))
    }

    @Test func `a do-not-call list counts as long as its copy is fresh`() throws {
        let rule = DialGate(.shipped, sets: ["uk"])
        var question = try question("2026-12-01", "11:00", zone: "Europe/London")
        (question.country, question.regions, question.purpose, question.consent) = ("GB", [], .survey, .none)
        func codes(_ days: Int, _ isListed: Bool) -> Set<DialVerdict.Code> {
            question.listings = [.init(list: "uk-tps", fileDays: days, isListed: isListed)]
            return Set(rule.decide(question).refusals.map(\.code))
        }

        #expect(codes(28, false) == [])
        #expect(codes(29, false) == [.doNotCallListMissing])
        #expect(codes(1, true) == [.onDoNotCallList])
        question.consent = .express
        #expect(codes(400, true) == [])
    }

    @Test func `a state's list counts where it was brought, and a tenant's own whatever its age and the consent`()
        throws
    {
        var question = try question(region: "US-TX")
        (question.purpose, question.consent) = (.marketing, .express)
        let federal = DialQuestion.Listing(list: "us-national", fileDays: 3, isListed: false)
        func codes(_ listings: [DialQuestion.Listing]) -> Set<DialVerdict.Code> {
            question.listings = [federal] + listings
            return self.codes(question).subtracting([.consentMissing])
        }

        #expect(codes([]) == [])
        #expect(codes([.init(list: "us-tx", fileDays: 3, isListed: true)]) == [.onDoNotCallList])
        #expect(codes([.init(list: "us-tx", fileDays: 40, isListed: false)]) == [.doNotCallListMissing])
        #expect(codes([.init(list: "us-fl", fileDays: 3, isListed: true)]) == [])
        question.consent = .expressWritten
        #expect(codes([.init(list: "us-tx", fileDays: 3, isListed: true)]) == [])
        #expect(codes([.init(list: "internal", fileDays: 900, isListed: true)]) == [.onDoNotCallList])
        question.purpose = .informational
        #expect(codes([.init(list: "internal", fileDays: 900, isListed: true)]) == [.onDoNotCallList])
        #expect(codes([.init(list: "internal", fileDays: 900, isListed: false)]) == [])
    }

    @Test func `a refusal names the day of the list`() throws {
        var question = try question()
        question.consent = .express
        question.listings = [
            .init(list: "us-national", fileDays: 3, isListed: true, fileDate: CalendarDay("2026-11-28"))
        ]

        let refusal = DialGate(.shipped, sets: ["us"]).decide(question).refusals.first { $0.code == .onDoNotCallList }

        #expect(refusal?.detail == "The number is on the list `us-national` of 2026-11-28.")
    }

    @Test func `attempts are counted by day, week and state`() throws {
        var florida = try question(region: "US-FL")
        let now = florida.at
        florida.attempts = [now - 3_600, now - 7_200]
        #expect(codes(florida).isEmpty)
        florida.attempts = [now - 3_600, now - 7_200, now - 86_399]
        let verdict = DialGate(.shipped, sets: ["us"]).decide(florida)
        #expect(Set(verdict.refusals.map(\.rule)) == ["us-fl-3in24", "platform-attempts-week"])
        #expect(verdict.refusals.first { $0.rule == "us-fl-3in24" }?.again == .at(now + 1))

        var again = try question()
        again.attemptsToday = 1
        #expect(codes(again) == [.tooManyAttempts])
    }

    @Test func `who asked to be left alone, is not called, whatever else is true`() throws {
        var question = try question()
        question.isLeftAlone = true
        let verdict = DialGate(.shipped, sets: ["us"]).decide(question)

        #expect(verdict.refusals.map(\.code) == [.leftAlone])
        #expect(verdict.refusals.map(\.again) == [.never])
    }

    @Test func `a refusal by the clock says when it opens again, by all rules at once`() throws {
        // A Saturday evening before a Sunday without calls.
        let verdict = DialGate(.shipped, sets: ["us_conservative"]).decide(
            try question("2026-12-05", "19:30", region: "US-NJ"))

        let monday = DialQuestion.LocalTime(
            zone: "America/Chicago", day: try #require(CalendarDay("2026-12-07")), minute: 10 * 60)
        #expect(verdict.refusals.map(\.again) == [.local(monday)])
    }

    @Test func `no hour that is allowed anywhere is allowed without its rule being named`() throws {
        for region in ["US-AL", "US-CT", "US-FL", "US-RI", "US-TX", "US-WY", "US-CA"] {
            for minute in stride(from: 0, to: 1_440, by: 30) {
                var question = try question("2026-12-01", "00:00", region: region)
                question.localTimes[0].minute = minute
                let verdict = DialGate(.shipped, sets: ["us"]).decide(question)
                #expect(verdict.isAllowed == verdict.applied.allSatisfy(\.isMet), "\(region) \(minute)")
                #expect(!verdict.isAllowed || (8 * 60..<21 * 60).contains(minute))
            }
        }
    }

    @Test func `the same question has the same answer, also from a receipt`() throws {
        let body = DialReceipt.Body(
            question: try question("2026-12-01", "21:30"),
            verdict: DialGate(.shipped, sets: ["us"]).decide(try question("2026-12-01", "21:30")))
        let receipt = try DialReceipt(body, after: nil)

        #expect(try receipt.read() == body)
        #expect(
            DialGate(.shipped, sets: try receipt.read().verdict.sets).decide(try receipt.read().question)
                == body.verdict)
    }

    @Test func `a chain of receipts breaks where one is changed, taken out or moved`() throws {
        let body = DialReceipt.Body(
            question: try question(), verdict: DialGate(.shipped, sets: ["us"]).decide(try question()))
        var chain: [DialReceipt] = []
        for _ in 0..<4 { chain.append(try DialReceipt(body, after: chain.last.map { ($0.sequence, $0.hash) })) }
        func fault(_ chain: [DialReceipt]) -> String? {
            chain.indices.lazy.compactMap { chain[$0].fault(after: $0 == 0 ? nil : chain[$0 - 1]) }.first
        }

        #expect(fault(chain) == nil)
        var changed = chain
        changed[1].body = changed[1].body.replacing("express_written", with: "none")
        #expect(fault(changed) == "receipt 2 was changed")
        #expect(fault([chain[0], chain[2], chain[3]]) == "receipt 2 is missing: after 1 comes 3")
        #expect(fault([chain[1]]) == "receipt 1 is missing: after 0 comes 2")
        var moved = chain
        moved[2].previousHash = chain[0].hash
        #expect(fault(moved) == "receipt 3 does not follow the one before it")
        #expect(try DialReceipt(body, after: (.max, chain[0].hash)).fault(after: chain[3]) != nil)
    }
}
