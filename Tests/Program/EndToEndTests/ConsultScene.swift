import CallModel
import Consult
import Database
import Encoding
import Foundation
import Gateway
import LiveCalls
import SimulatedCarrier
import SpeechAgent
import Synchronization
import TestSupport
import Testing

/// A call in which the caller asks something for specialists. The agent plays the caller's words too: what is heard is
/// silence, what is recognised is scripted.
final class ConsultScene: Sendable {
    static let question =
        "Does telemarketing law allow us to call customers in the evening, and who owns the recordings and data?"

    struct Plot: Sendable {
        var questions = [ConsultScene.question]
        /// Whether the agent asks for the consult, or leaves it to the detector.
        var usesTool = true
        /// To each offer in turn; none: silence.
        var replies: [String] = []
        /// Said 300 ms after the first offer was ordered, into its beginning.
        var withOffer: String?
        /// Said when the hold phrase has been heard.
        var whileWaiting: String?
        /// The first connection breaks when it is to say the hold phrase.
        var losesLeg = false
        /// What the agent does when it is first told to say the answer.
        var atAnswer = AtAnswer.speaks
        var signStyle = ConsultGate.SignStyle.alternating
        /// What the agent was told to say, for those who wait for it.
        var told = Told()
        var hangUpAfterMs: Int?
        var asker: (any Asker)?
        var limits = ConsultLimits(answerWithinMs: 15_000)
        var settings: [String: String] = [:]
    }

    enum AtAnswer: Sendable { case speaks, refuses, hearsNoise, neverSpeaks }

    final class Told: Sendable {
        private let texts = Mutex<[String]>([])

        var all: [String] { texts.withLock { $0 } }
        func add(_ text: String) { texts.withLock { $0.append(text) } }
        func count(of words: String) -> Int { all.count { $0.contains(words) } }
    }

    private struct State {
        var replies: [String]
        var questions: [String]
        var calls = 0
        var answers = 0
        var offers = 0
        var prompts: [String] = []
        var results: [String] = []
        var typed: [String] = []
        var askedAt: [ContinuousClock.Instant] = []
        var answeredMs: [Int] = []
        /// What the gateway sent, in order, once a consult was called for.
        var order: [String] = []
    }

    private let plot: Plot
    private let state: Mutex<State>

    private init(_ plot: Plot) {
        self.plot = plot
        state = Mutex(State(replies: plot.replies, questions: plot.questions))
    }

    /// What is left of the call.
    struct Record {
        var consults: [Row]
        var answers: [Row]
        var consents: [Row]
        var followUps: [Row]
        var billed: Int
        var transcript: String
        var endReason: String
        /// What the agent was told and given.
        var prompts: [String] = []
        var results: [String] = []
        var said: [String] = []
        /// What it was given as if the caller had said it.
        var typed: [String] = []
        /// How long each of its calls for a consult waited for an answer.
        var answeredMs: [Int] = []
        /// What of `result` and `say` it was sent after its first call, in order.
        var order: [String] = []
        /// What the caller heard, in mu-law.
        var ear: [UInt8] = []

        /// For a failed expectation.
        var story: String {
            let rows = [("ending", consults), ("decision", consents), ("words", consents), ("outcome", answers)]
            let columns = rows.map { name, rows in "\(name): \(rows.map { (try? $0.text(name)) ?? "?" })" }
            return (columns + [transcript]).joined(separator: "\n")
        }

        func endings() throws -> [String] { try consults.map { try $0.text("ending") } }
        func decisions() throws -> [String] { try consents.map { try $0.text("decision") } }
        func outcomes() throws -> [String] { try answers.map { try $0.text("outcome") } }
    }

    static func play(_ plot: Plot) async throws -> Record {
        let scene = ConsultScene(plot)
        let agent = try ScriptedAgent([scene.part(isFirst: true), scene.part(isFirst: false)])
        let stage = try await Stage.build(agentURL: agent.url, settings: plot.settings) { config in
            config.consults.limits = plot.limits
            config.consults.asker = plot.asker
            config.consults.signStyle = plot.signStyle
        }
        var options = CallOptions()
        options.hangUpAfterMs = plot.hangUpAfterMs
        let report = try await stage.carrier.placeCall(
            from: "+14155550177", script: try Stage.caller("listens", [.staySilent(ms: 120_000), .hangUp]),
            options: options)
        var record = try await ConsultScene.record(of: report, on: stage)
        let state = scene.state.withLock { $0 }
        (record.prompts, record.results, record.typed) = (state.prompts, state.results, state.typed)
        (record.answeredMs, record.order) = (state.answeredMs, state.order)
        record.said = plot.told.all
        await stage.strike()
        await agent.shutdown()
        return record
    }

    static func record(of report: SimulatedCallReport, on stage: Stage) async throws -> Record {
        let call = try #require(try await stage.finalizedCall(report.callSid))
        let id = SQLValue.uuid(try call.uuid("id"))
        func rows(_ sql: String) async throws -> [Row] { try await stage.database.rows(sql, [id]) }
        return Record(
            consults: try await rows("select * from consults where call_id = $1 order by asked_ms"),
            answers: try await rows(
                """
                select a.* from consult_answers a join consults c on c.id = a.consult_id where c.call_id = $1
                order by a.position
                """),
            consents: try await rows("select * from consents where call_id = $1 and kind = 'consult' order by at"),
            followUps: try await rows("select * from follow_ups where call_id = $1 and reason = 'consult'"),
            billed: try await rows(
                "select coalesce(sum(quantity), 0)::int as n from usage_records where call_id = $1 and kind = 'consults'"
            ).first?.int("n") ?? -1,
            transcript: try call.text("transcript"), endReason: try call.text("end_reason"),
            ear: report.heard)
    }

    // MARK: The agent

    private func part(isFirst: Bool) -> ScriptedAgent.Part {
        var part = ScriptedAgent.Part()
        part.onReady = { leg, settings in
            guard isFirst else { return }
            leg.brief(settings.agentGreeting ?? "Hello")
            leg.after(ms: 900) { self.ask($0) }
        }
        part.onMessage = { leg, message in
            switch message {
            case .injectAgentMessage(let text, _):
                self.state.withLock { if !$0.askedAt.isEmpty { $0.order.append("say") } }
                self.told(leg, text, isFirst)
            case .injectUserMessage(let text): self.state.withLock { $0.typed.append(text) }
            case .updatePrompt(let text):
                self.state.withLock { $0.prompts.append(text) }
                if text.contains(AgentHold.goOn) { leg.after(ms: 1_000) { self.proceed($0) } }
            case .functionCallResponse(_, AgentTools.consult, let content):
                self.state.withLock { state in
                    state.results.append(content)
                    state.order.append("result")
                    guard state.answeredMs.count < state.askedAt.count else { return }
                    let took = state.askedAt[state.answeredMs.count].duration(to: .now).components
                    state.answeredMs.append(Int(took.seconds * 1_000 + took.attoseconds / 1_000_000_000_000_000))
                }
            default: break
            }
        }
        return part
    }

    private func ask(_ leg: ScriptedAgentLeg) {
        let next = state.withLock { state in
            state.calls += 1
            return state.questions.isEmpty ? nil : (state.questions.removeFirst(), "fc_\(state.calls)")
        }
        guard let (question, id) = next else { return }
        hear(leg, question)
        guard plot.usesTool else { return }
        let arguments = WireJSON.object(["question": .string(question)]).text
        state.withLock { $0.askedAt.append(.now) }
        leg.send(
            .functionCallRequest([.init(id: id, name: AgentTools.consult, arguments: arguments, clientSide: true)]))
    }

    private func hear(_ leg: ScriptedAgentLeg, _ words: String) {
        leg.send(.userStartedSpeaking)
        leg.send(.endOfTurn(trigger: "model"))
        leg.send(.conversationText(.user, words))
        // What an agent left to itself would say: nobody is to hear it.
        leg.brief("My own opinion on that.")
    }

    private func told(_ leg: ScriptedAgentLeg, _ text: String, _ isFirst: Bool) {
        let isOffer = text.contains("Shall I ask them?") || text.contains("yes or no?")
        let isHold = text.contains("specialists now")
        if isHold, isFirst, plot.losesLeg { return leg.abort() }
        plot.told.add(text)
        if text.contains("Thank you for waiting") {
            let isFirst = state.withLock { state in
                defer { state.answers += 1 }
                return state.answers == 0
            }
            switch plot.atAnswer {
            case .refuses where isFirst: return leg.send(.injectionRefused("The user is speaking."))
            case .hearsNoise where isFirst:
                leg.send(.conversationText(.assistant, text))
                return leg.send(.userStartedSpeaking)
            case .neverSpeaks: return
            case .speaks, .refuses, .hearsNoise: break
            }
        }
        let offers = state.withLock { state in
            if isOffer { state.offers += 1 }
            return state.offers
        }
        if isOffer, offers == 1, let words = plot.withOffer {
            // As long as it takes to say: it is cut off.
            leg.speak(text)
            return leg.after(ms: 300) { self.hear($0, words) }
        }
        leg.brief(text)
        if isOffer, let reply = state.withLock({ $0.replies.isEmpty ? nil : $0.replies.removeFirst() }) {
            leg.after(ms: 1_200) { self.hear($0, reply) }
        }
        if isHold, let words = plot.whileWaiting { leg.after(ms: 700) { self.hear($0, words) } }
    }

    /// The consult is over: the next question, or the end.
    private func proceed(_ leg: ScriptedAgentLeg) {
        guard state.withLock({ $0.questions.isEmpty }) else { return ask(leg) }
        leg.send(.functionCallRequest([.init(id: "end", name: "end_call", arguments: "{}", clientSide: true)]))
    }
}

extension ScriptedAgentLeg {
    /// Half a second of speech, however long the text.
    fileprivate func brief(_ text: String) {
        send(.conversationText(.assistant, text))
        speak("")
    }
}

/// Specialists who do as told.
struct StagedSpecialists: Asker {
    static let answer = "Telemarketing law allows calls to customers until nine in the evening."

    var reply: @Sendable (Specialist, ConsultQuestion, ConsentGrant) async throws -> String

    func ask(
        _ specialist: Specialist, _ question: ConsultQuestion, under grant: ConsentGrant, timeout: Duration
    ) async throws -> SpecialistReply {
        SpecialistReply(text: try await reply(specialist, question, grant))
    }
}
