import CRM
import Testing

@Suite struct LeadStageTests {
    @Test func `a lead moves forward, out of the way, and back onto it anywhere`() {
        let moves = Dictionary(uniqueKeysWithValues: LeadStage.allCases.map { ($0, Set($0.moves)) })

        #expect(
            moves == [
                .lead: [.mql, .sql, .opportunity, .customer, .lost], .mql: [.sql, .opportunity, .customer, .lost],
                .sql: [.opportunity, .customer, .lost], .opportunity: [.customer, .lost], .customer: [.lost],
                .lost: [.lead, .mql, .sql, .opportunity, .customer],
            ])
    }

    @Test func `leaving the way and coming back are told why, and no other move is`() {
        for from in LeadStage.allCases {
            for to in from.moves {
                #expect((from.objection(to: to, reason: nil) == nil) == (from != .lost && to != .lost), "\(from) \(to)")
                #expect(from.objection(to: to, reason: "x") == nil)
            }
            #expect(from.objection(to: from, reason: "x")?.contains("already") == true)
        }
        #expect(LeadStage.sql.objection(to: .mql, reason: "x")?.contains("OPPORTUNITY, CUSTOMER, LOST") == true)
    }
}
