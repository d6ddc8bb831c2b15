import WebSocketTransport

/// A caller who asks one question after another and says yes to what is offered. Both sides' words come from the agent's half,
/// as transcripts do. Loop thread only.
final class CallScript {
    /// What the questions are about.
    enum Topic: Sendable {
        /// They are put to the specialists.
        case consults
        /// The agent answers by itself, as often and at the same length: what is left of a consult without specialists.
        case smallTalk
    }

    static let questions = [
        "Does telemarketing law allow us to call customers in the evening, and what does data protection law say?",
        "Can you check what the law says about recording calls, and how long we may keep the recordings?",
        "How does your service keep our customers' data safe, and which certificates do you have for that?",
    ]

    /// Nothing that the gateway would offer to ask specialists about.
    static let smallTalk = [
        "It was windy here all day, just as they said on the radio, so I stayed at home with a book.",
        "We had a good weekend and saw something of the town and of the sea before it rained.",
        "I like the music they play while one waits, but my wife would rather have it quiet.",
    ]
    /// As long as what the gateway has its agent say in a consult, in English.
    private static let offer = """
        That is a nice thing to hear, and I would love to say more about it, which takes about half a minute. Shall I go on?
        """
    private static let hold = "A moment, then, please."
    private static let answer = """
        It was a good day all in all: some wind in the morning, a little rain at noon, and then the sun came out and it was warm \
        enough to sit outside. They had said it would be worse. I like it best when it changes, and so do most people here, I \
        think. In winter it is another matter, with the dark and the wet, but then there is the fire, and there are books. And on \
        clear nights one sees the lights of the harbour from the hill behind the house, which visitors like very much.
        """
    /// 500 words a minute, three times what people say: as many more consults a second.
    private static let framesAWord = 6
    /// From one question to the next, about. The first comes anywhere within it, so that each second has as many.
    static let cycleMs = 16_000
    private static let thinkingMs: Int64 = 700

    private let topic: Topic
    private unowned let leg: AgentSideLeg
    private let generator: LoadGenerator
    private var asked = 0
    private var whenHeard: ((CallScript) -> Void)?
    private var isOver = false

    init(_ topic: Topic, leg: AgentSideLeg, generator: LoadGenerator) {
        self.topic = topic
        self.leg = leg
        self.generator = generator
    }

    func begin() { after(ms: Int64(leg.id * 1_613 % Self.cycleMs)) { $0.ask() } }

    func end() { isOver = true }

    private func after(ms: Int64, _ work: @escaping (CallScript) -> Void) {
        generator.after(ms: ms) { [weak self] in
            if let self, !self.isOver { work(self) }
        }
    }

    private func ask() {
        asked += 1
        switch topic {
        case .consults: askSpecialists()
        case .smallTalk: chat()
        }
    }

    private func chat() {
        hear(Self.smallTalk[(leg.id + asked) % Self.smallTalk.count])
        reply(Self.offer) {
            $0.after(ms: Self.thinkingMs) {
                $0.hear("yes please")
                $0.reply(Self.hold) { $0.reply(Self.answer) { $0.after(ms: Self.thinkingMs) { $0.ask() } } }
            }
        }
    }

    private func askSpecialists() {
        generator.meter.counts.consultsBegun += 1
        let question = Self.questions[(leg.id + asked) % Self.questions.count]
        hear(question)
        leg.say(
            #"{"type":"FunctionCallRequest","functions":[{"id":"fc_\#(leg.id)_\#(asked)","name":"consult_specialists","#
                + #""arguments":"{\"question\":\"\#(question)\"}","client_side":true}]}"#)
    }

    /// The agent says something; `next` follows when the caller has heard it to its end.
    private func reply(_ words: String, then next: ((CallScript) -> Void)? = nil) {
        whenHeard = next
        leg.respond(frames: words.split(separator: " ").count * Self.framesAWord, saying: words)
    }

    /// The caller has heard all that was said.
    func heardAll() {
        guard let next = whenHeard else { return }
        whenHeard = nil
        next(self)
    }

    private func hear(_ words: String) {
        leg.callerStarts()
        leg.say(#"{"type":"EndOfTurn","trigger":"model"}"#)
        leg.say(#"{"type":"ConversationText","role":"user","content":"\#(words)"}"#)
    }

    /// A message of the gateway other than its settings.
    func told(_ text: Span<UInt8>) {
        guard topic == .consults else { return }
        if ByteSearch.find(#""InjectAgentMessage""#, in: text) != nil {
            guard let start = ByteSearch.find(#""message":""#, in: text) else { return }
            var end = start
            while end < text.count, text[end] != UInt8(ascii: "\"") || text[end - 1] == UInt8(ascii: "\\") { end += 1 }
            var words: [UInt8] = []
            for place in start..<end { words.append(text[place]) }
            let isOffer =
                ByteSearch.find("Shall I ask them?", in: text) != nil || ByteSearch.find("yes or no?", in: text) != nil
            let agree: (CallScript) -> Void = { $0.after(ms: Self.thinkingMs) { $0.hear("yes please") } }
            reply(String(decoding: words, as: UTF8.self), then: isOffer ? agree : nil)
        } else if ByteSearch.find("The consult is over.", in: text) != nil {
            generator.meter.counts.consultsOver += 1
            after(ms: Self.thinkingMs) { $0.ask() }
        }
    }
}
