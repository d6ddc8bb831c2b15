import Testing

@testable import Consult

@Suite struct ModeratorPickTests {
    /// Questions as callers put them, and a specialist that has to be among those asked.
    static let labelled: [(question: String, expected: String)] = [
        ("Is it legal to cold call people in California with an AI voice?", "us-telemarketing-law"),
        ("What are the calling hours for telemarketing in the US?", "us-telemarketing-law"),
        ("How long do we have to honour a do not call request?", "us-telemarketing-law"),
        ("Does GDPR let you store our customers' data in the United States?", "eu-privacy"),
        ("We need a data processing agreement, how does that work in Europe?", "eu-privacy"),
        ("A customer wants erasure of his recordings, what is the deadline?", "eu-privacy"),
        ("Can we call numbers on the telephone preference service?", "uk-privacy-and-marketing"),
        ("What does PECR say about automated calls?", "uk-privacy-and-marketing"),
        ("Do we have to tell callers they speak with a machine under the AI Act?", "ai-disclosure"),
        ("Is a voice clone allowed?", "ai-disclosure"),
        ("Which DLT registration do we need with TRAI?", "india-telecom-and-data"),
        ("What does the DPDP act mean for us?", "india-telecom-and-data"),
        ("Can we do marketing calls in Dubai?", "gulf-telecom-and-data"),
        ("What does the Saudi data protection law require?", "gulf-telecom-and-data"),
        ("Can we take a credit card number on the phone and stay PCI compliant?", "payments"),
        ("May the recording contain the CVV?", "payments"),
        ("Is this HIPAA compliant and will you sign a BAA?", "health-data"),
        ("What may we leave about a patient's medical records on voicemail?", "health-data"),
        ("Can the agent talk about investment products under FINRA rules?", "financial-promotions"),
        ("Are we allowed to promise returns in the call?", "financial-promotions"),
        ("How do deaf callers use the service with a relay?", "accessibility"),
        ("Are you conformant with WCAG 2.2?", "accessibility"),
        ("Do we need the works council before we monitor staff?", "employment"),
        ("Is overtime due when agents stay for late calls?", "employment"),
        ("Is Florida a two party consent state for call recording?", "call-recording"),
        ("Can we record calls without telling people?", "call-recording"),
        ("How much is it, and is there a volume discount?", "pricing"),
        ("Could you make a price exception for a non-profit?", "pricing"),
        ("Does it integrate with Salesforce and our ERP?", "integration"),
        ("Do you have a webhook when the call ends?", "integration"),
        ("We want to move from our current system without downtime, how?", "migration"),
        ("Can we port our numbers from the old provider?", "migration"),
        ("Are you SOC 2 certified and is the data encrypted?", "security"),
        ("What about prompt injection and hackers?", "security"),
        ("How long until we are live and who trains our team?", "onboarding"),
        ("What does a pilot look like in the first week?", "onboarding"),
        ("What uptime do you guarantee in the SLA?", "support-levels"),
        ("What happens in an outage at night, do you have 24/7 support?", "support-levels"),
        ("Can we terminate the contract early and what about liability?", "contracts"),
        ("Who has data ownership when the contract ends?", "contracts"),
        ("Which KPI shows that conversion rate went up?", "analytics"),
        ("How large must an A/B test be?", "analytics"),
        ("Can we use our own SIP trunk with the PBX?", "telephony"),
        ("Why do our calls get a spam label?", "telephony"),
        ("We have contacts in Excel with duplicates, can you import them?", "data-import"),
        ("What format does the CSV need?", "data-import"),
        ("I run a dental practice with lots of no-shows, does it help?", "healthcare-fit"),
        ("Can it remind patients of appointments at our clinic?", "healthcare-fit"),
        ("Our online shop gets order status calls all day", "retail-fit"),
        ("Can it handle returns and refunds before Black Friday?", "retail-fit"),
        ("We are a brokerage, can it book a viewing for a listing?", "real-estate-fit"),
        ("Tenants call the landlord about repairs, can it sort them?", "real-estate-fit"),
        ("How should we talk to American customers, do we use first names?", "us-business-culture"),
        ("How formal are German customers on the phone?", "eu-business-culture"),
        ("What do British clients mean when they say quite good?", "uk-business-culture"),
        ("Does yes mean yes when Indian partners say it?", "india-business-culture"),
        ("Can we call Saudi customers during Ramadan?", "gulf-business-culture"),
        ("How do we address customers in Mexico and Brazil?", "latin-america-business-culture"),
    ]

    private func picks(_ question: String, max count: Int = 5) throws -> [SpecialistPick] {
        let question = ConsultQuestion(text: question, askedAtMs: 0, source: .tool)
        return Moderator(try SpecialistFixture.roster()).picks(
            for: question, limits: ConsultLimits(specialistsMax: count))
    }

    @Test func `the right specialist leads for nearly every labelled question and few others are asked`() throws {
        let moderator = Moderator(try SpecialistFixture.roster())
        var firsts = 0
        var asked = 0

        for (question, expected) in ModeratorPickTests.labelled {
            let picks = moderator.picks(
                for: ConsultQuestion(text: question, askedAtMs: 0, source: .tool), limits: ConsultLimits())
            #expect(picks.allSatisfy { !$0.reasons.isEmpty }, "\(question)")
            if picks.first?.specialist.id.text == expected {
                firsts += 1
            } else {
                print("picks: `\(question)` wants \(expected): \(picks.map { "\($0.specialist.id) \($0.score)" })")
            }
            asked += picks.count
        }

        let all = ModeratorPickTests.labelled.count
        print("picks: right one first in \(firsts) of \(all), \(Double(asked) / Double(all)) asked on average")
        #expect(Double(firsts) >= 0.9 * Double(all))
        #expect(Double(asked) <= 2 * Double(all))
    }

    @Test func `a question of several fields is put to several specialists, in the order of its parts`() throws {
        let picks = try picks(
            "Is it legal to record calls with people in the EU, and does GDPR let you store their data?"
        )
        .map(\.specialist.id.text)

        #expect(picks.first == "call-recording")
        #expect(picks.contains("eu-privacy"))
    }

    @Test func `the same question gives the same picks and the number asked is bounded`() throws {
        let long = ModeratorPickTests.labelled.map(\.question).joined(separator: " ")

        let (one, other) = (try picks(long), try picks(long))
        #expect(one == other)
        #expect(try picks(long).count <= 5)
        #expect(try picks("What does 99.9 percent uptime mean?", max: 1).count == 1)
    }

    @Test(arguments: ["", "hmm", "??? 42", "schnurzelpurz", "can you check that for me"])
    func `a question that points to nobody is put to nobody`(question: String) throws {
        #expect(try picks(question).isEmpty)
        let empty = Moderator(SpecialistRoster([]))
        let asked = ConsultQuestion(text: question, askedAtMs: 0, source: .tool)
        #expect(empty.picks(for: asked, limits: ConsultLimits()).isEmpty)
    }
}
