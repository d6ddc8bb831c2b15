import CallModel
import CallReading
import TestSupport
import Testing

/// Who decides, in the words of callers.
@Suite struct DecisionTests {
    private static let plain = "Do you make the decision yourself, or does somebody else decide?"

    private func authority(_ answer: String, _ question: String = plain) -> AuthorityLevel {
        let record = Conversation.record("A: \(question)\nC: \(answer)")
        return RuleExtractor().insight(for: record, context: ExtractionContext(record: record)).bant.authority.value
    }

    @Test(arguments: [
        "no", "it isn't mine to decide", "I don't make that call", "I have no power to sign", "sadly it's not me",
        "that decision doesn't rest with me", "that's above my pay grade", "I'm not entitled to make that choice",
    ])
    func `a no to whether the caller or somebody else decides says that it is not the caller`(_ answer: String) {
        #expect(authority(answer) == .no)
    }

    @Test func `a no to whether anybody else is involved still says that the caller decides`() {
        #expect(authority("no", "Is anybody else involved in the decision?") == .yes)
        #expect(authority("no", "Do you decide on your own?") == .influencer)
        #expect(authority("no, there's a board", "Do you decide on your own?") == .influencer)
    }

    @Test(arguments: [
        "yeah, I don't run it past anyone", "there isn't anybody I need to consult", "I need no permission",
        "no committee here, I just pick", "the signature that counts is mine", "it's entirely at my discretion",
        "you're speaking to the managing director", "nobody else, it's not a democracy, I decide",
        "no one else decides",
    ])
    func `who needs nobody's leave decides`(_ answer: String) { #expect(authority(answer) == .yes) }

    @Test(arguments: [
        "I sign, but only after finance clears it", "I need my boss's okay for that", "it's me and two others",
        "I've got a vote, like everyone else on the team", "mostly, but the big ones go to my dad",
        "up to ten thousand I can, beyond that it goes to the directors", "neither of us can decide alone",
        "I couldn't do that without asking first",
    ])
    func `who decides with others, or up to a point, has a part in it`(_ answer: String) {
        #expect(authority(answer) == .influencer)
    }

    @Test(arguments: [
        "it lands on the CFO's desk", "it's the owner's call, not mine", "only the treasurer can authorise payments",
        "you'd want to talk to Priya about that", "these days it's my nephew", "them",
    ])
    func `somebody else who is named decides`(_ answer: String) { #expect(authority(answer) == .no) }

    @Test(arguments: ["that was me, but not anymore", "previously yes", "I handed over, I used to sign these"])
    func `what was so once is not so now`(_ answer: String) { #expect(authority(answer) != .yes) }

    @Test(arguments: [
        "callers want to speak to the manager all the time", "my customers decide within a day",
        "my boss is on holiday this week",
    ])
    func `unasked, what others do says nothing of the decision`(_ remark: String) {
        #expect(authority(remark, "How can I help you?") == .unknown)
    }

    @Test func `unasked, a boss who will pick is the one who decides`() {
        let said = "my boss told me to find a new phone system and he'll pick one"

        #expect(authority(said, "How can I help you?") == .no)
    }
}
