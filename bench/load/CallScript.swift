import WebSocketTransport

/// A caller who asks one question after another that is put to the specialists, and says yes each time. Both sides' words
/// come from the agent's half, as transcripts do. Loop thread only.
final class ConsultScript {
    private static let questions = [
        "Does telemarketing law allow us to call customers in the evening, and what does data protection law say?",
        "Can you check what the law says about recording calls, and how long we may keep the recordings?",
        "How does your service keep our customers' data safe, and which certificates do you have for that?",
    ]

    private unowned let leg: AgentSideLeg
    private let generator: LoadGenerator
    private var asked = 0
    private var isOver = false

    init(leg: AgentSideLeg, generator: LoadGenerator) {
        self.leg = leg
        self.generator = generator
    }

    func begin() { after(ms: 900) { $0.ask() } }

    func end() { isOver = true }

    private func after(ms: Int64, _ work: @escaping (ConsultScript) -> Void) {
        generator.after(ms: ms) { [weak self] in
            if let self, !self.isOver { work(self) }
        }
    }

    private func ask() {
        asked += 1
        generator.meter.counts.consultsBegun += 1
        let question = Self.questions[(leg.id + asked) % Self.questions.count]
        hear(question)
        leg.say(
            #"{"type":"FunctionCallRequest","functions":[{"id":"fc_\#(leg.id)_\#(asked)","name":"consult_specialists","#
                + #""arguments":"{\"question\":\"\#(question)\"}","client_side":true}]}"#)
    }

    private func hear(_ words: String) {
        leg.callerStarts()
        leg.say(#"{"type":"EndOfTurn","trigger":"model"}"#)
        leg.say(#"{"type":"ConversationText","role":"user","content":"\#(words)"}"#)
    }

    /// A message of the gateway other than its settings.
    func told(_ text: Span<UInt8>) {
        if ByteSearch.find(#""InjectAgentMessage""#, in: text) != nil {
            guard let start = ByteSearch.find(#""message":""#, in: text) else { return }
            var end = start
            while end < text.count, text[end] != UInt8(ascii: "\"") || text[end - 1] == UInt8(ascii: "\\") { end += 1 }
            var words: [UInt8] = []
            for place in start..<end { words.append(text[place]) }
            leg.respond(frames: 25, saying: String(decoding: words, as: UTF8.self))
            while leg.isSpeaking { leg.speak(frames: 5) }
            let isOffer =
                ByteSearch.find("Shall I ask them?", in: text) != nil || ByteSearch.find("yes or no?", in: text) != nil
            if isOffer { after(ms: 700) { $0.hear("yes please") } }
        } else if ByteSearch.find("The consult is over.", in: text) != nil {
            generator.meter.counts.consultsOver += 1
            after(ms: 1_000) { $0.ask() }
        }
    }
}
