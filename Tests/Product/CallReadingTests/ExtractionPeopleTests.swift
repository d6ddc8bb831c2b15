import CallModel
import CallReading
import TestSupport
import Testing

/// Who calls, who decides, and who does not want to be called, as conversations tell it.
@Suite struct ExtractionPeopleTests {
    private static let decisions: [(String, String, [AuthorityLevel])] = [
        ("Who decides about this?", "it's not up to me", [.influencer, .no]),
        ("Who decides about this?", "I'm the owner's assistant", [.influencer, .no]),
        ("Who decides about this?", "I'm the former owner", [.no, .unknown]),
        ("Who decides about this?", "partly up to me", [.influencer]),
        ("Who decides about this?", "I'm one of three partners", [.influencer]),
        ("Who decides about this?", "it's up to me", [.yes]),
        ("Who decides about this?", "that's me", [.yes]),
        ("Who decides about this?", "me", [.yes]),
        ("Who decides about this?", "I decide", [.yes]),
        ("Who decides about this?", "I make that call", [.yes]),
        ("Who decides about this?", "entirely up to me", [.yes]),
        ("Who decides about this?", "I call the shots", [.yes]),
        ("Who decides about this?", "I'm in charge of purchasing", [.yes]),
        ("Are you the person who decides about this?", "yes", [.yes]),
        ("Are you the person who decides about this?", "yeah that's me", [.yes]),
        ("Are you the person who decides about this?", "I am", [.yes]),
        ("Are you the person who decides about this?", "correct", [.yes]),
        ("Are you the person who decides about this?", "no", [.no]),
        ("Are you the person who decides about this?", "nope, not me", [.no]),
        ("Are you the person who decides about this?", "not really", [.no, .influencer]),
        ("Are you the person who decides about this?", "I'm not", [.no]),
        ("Are you the person who decides about this?", "unfortunately not", [.no]),
        ("Are you the person who decides about this?", "that would be my manager", [.no, .influencer]),
        ("Who decides about this?", "my wife", [.no, .influencer]),
        ("Who decides about this?", "my husband and I", [.influencer]),
        ("Who decides about this?", "the board", [.no, .influencer]),
        ("Who decides about this?", "our IT department", [.no, .influencer]),
        ("Who decides about this?", "headquarters in Denver", [.no, .influencer]),
        ("Who decides about this?", "somebody above me", [.no, .influencer]),
        ("Who decides about this?", "someone else", [.no]),
        ("Who decides about this?", "it's above my pay grade", [.no]),
        ("Who decides about this?", "they don't let me decide", [.no]),
        ("Who decides about this?", "I have no say in that", [.no]),
        ("Who decides about this?", "I can't decide that", [.no]),
        ("Who decides about this?", "I'm just an employee", [.no]),
        ("Who decides about this?", "I only answer the phone", [.no, .unknown]),
        ("Who decides about this?", "I'm the receptionist", [.no]),
        ("Who decides about this?", "you need to ask my boss", [.no, .influencer]),
        ("Who decides about this?", "I have to ask my boss", [.influencer, .no]),
        ("Who decides about this?", "I need approval from finance", [.influencer, .no]),
        ("Who decides about this?", "I'd have to run it by my partner", [.influencer]),
        ("Who decides about this?", "my partner has to agree", [.influencer]),
        ("Who decides about this?", "together with my brother", [.influencer]),
        ("Who decides about this?", "both of us", [.influencer]),
        ("Who decides about this?", "the three of us", [.influencer]),
        ("Who decides about this?", "we decide as a team", [.influencer]),
        ("Who decides about this?", "we all decide", [.influencer]),
        ("Who decides about this?", "it's a joint decision", [.influencer]),
        ("Who decides about this?", "I recommend, he decides", [.influencer]),
        ("Who decides about this?", "I do the research and my boss signs", [.influencer]),
        ("Who decides about this?", "I have a say", [.influencer]),
        ("Who decides about this?", "to some extent", [.influencer]),
        ("Who decides about this?", "kind of", [.influencer, .unknown]),
        ("Who decides about this?", "in part", [.influencer]),
        ("Who decides about this?", "half and half", [.influencer]),
        ("Who decides about this?", "not just me", [.influencer]),
        ("Who decides about this?", "not only me", [.influencer]),
        ("Who decides about this?", "I'm not the only one", [.influencer]),
        ("Who decides about this?", "not entirely", [.influencer]),
        ("Who decides about this?", "I decide small things, the owner decides the rest", [.influencer]),
        ("Who decides about this?", "up to five thousand I decide", [.influencer, .yes]),
        ("Who decides about this?", "me and my co-founder", [.influencer]),
        ("Who decides about this?", "I'm a co-owner", [.influencer]),
        ("Who decides about this?", "I'm a partner in the firm", [.influencer]),
        ("Who decides about this?", "I used to be the owner", [.no, .unknown]),
        ("Who decides about this?", "I was the owner until May", [.no, .unknown]),
        ("Who decides about this?", "I sold the company", [.no, .unknown]),
        ("Who decides about this?", "I'm the owner's son", [.no, .influencer]),
        ("Who decides about this?", "my dad owns it", [.no, .influencer]),
        ("Who decides about this?", "my mother runs the business", [.no, .influencer]),
        ("Who decides about this?", "I'm not the owner", [.no]),
        ("Who decides about this?", "I'm the CEO", [.yes]),
        ("Who decides about this?", "I'm the sole owner", [.yes]),
        ("Who decides about this?", "sole proprietor", [.yes]),
        ("Who decides about this?", "I run the place", [.yes]),
        ("Who decides about this?", "it's my business", [.yes]),
        ("Who decides about this?", "it's my call", [.yes]),
        ("Who decides about this?", "it's not my call", [.no, .influencer]),
        ("Who decides about this?", "it's not my department", [.no]),
        ("Who decides about this?", "I don't know", [.unknown]),
        ("Who decides about this?", "good question", [.unknown]),
        ("Who decides about this?", "depends", [.unknown, .influencer]),
        ("Who decides about this?", "why", [.unknown]),
        ("Who decides about this?", "maybe me", [.influencer, .unknown, .yes]),
        ("Who decides about this?", "I think it's me", [.influencer, .yes, .unknown]),
        ("Who decides about this?", "nobody else", [.yes]),
        ("Who decides about this?", "only me", [.yes]),
        ("Who decides about this?", "I alone", [.yes]),
        ("Who decides about this?", "I do, on my own", [.yes]),
        ("Who decides about this?", "I don't need to ask anyone", [.yes]),
        ("Who decides about this?", "I don't have to ask anybody", [.yes]),
        ("Who decides about this?", "no one has to approve it", [.yes]),
        ("Who decides about this?", "I sign the contracts", [.yes]),
        ("Who decides about this?", "I approve it", [.yes]),
        ("Who decides about this?", "I sign off on everything", [.yes]),
        ("Who decides about this?", "Mr. Lopez does", [.no, .influencer]),
        ("Who decides about this?", "Susan decides", [.no, .influencer]),
        ("Who decides about this?", "he does", [.no, .influencer]),
        ("Who decides about this?", "she makes the decisions", [.no, .influencer]),
        ("Who decides about this?", "they do", [.no, .influencer]),
        ("Is anybody else involved in the decision?", "yes, my wife", [.influencer]),
        ("Is anybody else involved in the decision?", "no, nobody", [.yes]),
        ("Is anybody else involved in the decision?", "just me", [.yes]),
        ("Is anybody else involved in the decision?", "my partner", [.influencer]),
        ("Is anybody else involved in the decision?", "yes", [.influencer]),
        ("Is anybody else involved in the decision?", "no", [.yes]),
        ("How can I help?", "I own a car", [.unknown]),
        ("How can I help?", "my boss wants a demo", [.unknown, .no, .influencer]),
        ("How can I help?", "we have three owners", [.unknown]),
        ("How can I help?", "I decided to call you", [.unknown]),
        ("How can I help?", "I make coffee", [.unknown]),
        ("How can I help?", "can you make an exception", [.unknown]),
        ("How can I help?", "it's up to you", [.unknown]),
        ("How can I help?", "the manager of your store was rude", [.unknown]),
        ("How can I help?", "I have to talk to my boss first", [.influencer, .no]),
        ("How can I help?", "I'm the owner of a garage", [.yes]),
        ("How can I help?", "as the owner I want to see a demo", [.yes]),
        ("How can I help?", "we're a family of five", [.unknown]),
        ("How can I help?", "I need help for my team", [.unknown]),
        ("How can I help?", "my team needs phones", [.unknown]),
        ("How can I help?", "our office needs phones", [.unknown]),
        ("How can I help?", "my husband and I run a bakery", [.influencer, .yes, .unknown]),
        ("How can I help?", "I will take it", [.unknown]),
        ("How can I help?", "I want to talk to a manager", [.unknown]),
        ("How can I help?", "let me talk to your boss", [.unknown]),
        ("Who decides about this?", "my boss, well, actually since May it's me", [.yes]),
        ("Who decides about this?", "I do, or rather my husband and I do", [.influencer]),
        ("Do you make these decisions on your own?", "no", [.influencer]),
        ("Do you make these decisions on your own?", "yes", [.yes]),
        ("Do you decide alone or with somebody?", "with my sister", [.influencer]),
        ("Do you decide alone or with somebody?", "on my own", [.yes]),
        ("Are you the person who decides?", "no, my uncle is", [.no]),
        ("Is anybody else involved in the decision?", "not really, I decide", [.yes]),
        ("Who decides about this?", "my boss leaves that to me", [.yes]),
        ("Who decides about this?", "since my father retired I make the decisions", [.yes]),
        ("Who decides about this?", "me and our head of sales", [.influencer]),
        ("Who decides about this?", "we haven't talked about that yet", [.unknown]),
        ("Who decides about this?", "I'd rather not say", [.unknown]),
        ("How can I help?", "could you give me a proposal", [.unknown]),
        ("How can I help?", "let me do it myself", [.unknown]),
        ("How can I help?", "what would your boss say", [.unknown]),
    ]

    @Test(arguments: decisions)
    func `who decides is told with all that limits it`(_ question: String, _ said: String, _ levels: [AuthorityLevel]) {
        let level = Conversation.insight("A: \(question)\nC: \(said)").bant.authority.value

        #expect(levels.contains(level), "\(level)")
    }

    @Test(arguments: [
        ("A: May I have your name?\nC: Naomi\nA: And your last name?\nC: Feldman", "Naomi Feldman"),
        ("A: What is your name?\nC: Smith\nA: Could you spell that?\nC: S M Y T H E", "Smythe"),
        ("A: What is your name?\nC: Jon Smith\nA: John Smith?\nC: no, Jon, J O N", "Jon Smith"),
        ("A: Am I speaking with Howard Lane?\nC: yes that's me", "Howard Lane"),
        ("A: So your name is Brenda Cole?\nC: no, Glenda Cole", "Glenda Cole"),
        ("A: Thank you, Eric.\nC: it's Derek actually", "Derek"),
        ("A: How can I help?\nC: my name is Bob and my wife's name is Carol", "Bob"),
        ("A: Am I speaking with Howard Lane?\nC: no, he's out, I'm his colleague", nil),
        ("A: Who am I speaking with?\nC: you're talking to him", nil), ("A: Is this Tim?\nC: no", nil),
    ])
    func `the caller's name is put together over the call, and nobody else's is taken`(
        _ script: String, _ name: String?
    ) {
        #expect(Conversation.insight(script).contact.name?.value == name)
    }

    @Test func `an address and a number that are read back are kept when the caller agrees`() {
        let agreed = Conversation.insight(
            "A: Is it still joy at example dot com?\nC: yes it is\nA: And the number is 718 555 0120, correct?\nC: correct"
        )
        let refused = Conversation.insight("A: So that's mark at example dot com?\nC: no, marc at example dot com")

        #expect(agreed.contact.email?.value == "joy@example.com")
        #expect(agreed.contact.phone?.value == "+17185550120")
        #expect(refused.contact.email?.value == "marc@example.com")
    }

    @Test(arguments: [
        ("stop texting me", ["marketing_sms"]), ("please stop sending me emails", ["marketing_email"]),
        ("no emails and no texts please", ["marketing_email", "marketing_sms"]),
        ("you can call but don't text me", ["marketing_sms"]),
        ("don't call, text or email me ever again", []), ("call me tomorrow", []),
    ])
    func `one channel refused is that channel's consent, and nobody is left alone for it`(
        _ said: String, _ refused: [String]
    ) {
        let insight = Conversation.insight("A: What can I do for you?\nC: \(said)")

        #expect(insight.refused.map(\.value).sorted() == refused)
        #expect(insight.refused.allSatisfy { $0.evidence.first?.turnNumber == 2 })
        #expect((insight.doNotContact != nil) == said.contains("ever again"))
    }

    @Test func `a polite opt-out shows no need`() {
        let insight = Conversation.insight(
            "A: What can I do for you?\nC: I would appreciate it if you didn't call anymore")

        #expect(insight.outcome == .doNotCall)
        #expect(insight.intent.value == .optOut)
        #expect(insight.bant.need.value == .unknown)
    }

    @Test(arguments: [
        ("A: Would you prefer not to be contacted?\nC: exactly", true),
        ("A: Should I mark you as do not call?\nC: please", true),
        ("A: May we call you again?\nC: no, never", true),
        ("A: May we call you again?\nC: I'd rather you didn't", true),
        ("A: May we call you again?\nC: no thanks", false),
        ("A: May we call you again next month?\nC: no, better in two months", false),
        ("A: Shall we stop calling?\nC: no, keep calling me", false),
        ("A: When may we call you again?\nC: never before noon", false),
        (
            "A: Hello.\nC: stop calling me\nA: We will not call you again.\nC: oh wait I thought you were the bank, you can call me",
            false
        ),
        ("A: Hello.\nC: take me off your list\nA: Done.\nC: hmm on second thought leave me on it", false),
        ("A: Hello.\nC: stop calling me\nA: Is that right?\nC: yes", true),
    ])
    func `an offer to call no more is agreed to, refused, or taken back`(_ script: String, _ isOptOut: Bool) {
        #expect((Conversation.insight(script).doNotContact != nil) == isOptOut)
    }

    @Test func `a language that is not understood is said, and nothing is guessed from it`() {
        let insight = Conversation.insight(
            "A: What is your budget?\nC: bonjour je voudrais environ dix mille euros pour mon entreprise\nA: Sorry?\nC: je ne parle pas anglais"
        )

        #expect(insight.language?.value == "fr")
        #expect(insight.language?.evidence.first?.turnNumber == 4)
        #expect(insight.bant.budgetAmount == nil && insight.bant.need.value == .unknown && insight.contact.name == nil)
        #expect(insight.summary == "The caller spoke French, which was not understood.")
        #expect(Conversation.insight("A: Hello.\nC: I have a question about the price").language == nil)
    }

    @Test func `an opt-out counts in Spanish and in German whatever the profile speaks`() {
        #expect(Conversation.insight("A: Hello.\nC: no me llame más").outcome == .doNotCall)
        #expect(Conversation.insight("A: Guten Tag.\nC: rufen Sie mich nicht mehr an").outcome == .doNotCall)
    }
}
