import CallModel
import CallSession
import Foundation
import SpeechAgent
import Testing

/// A call by values: no socket, no clock.
struct Script {
    var machine: CallMachine
    var nowMs = 0
    var playout = CallMachine.Playout()
    private(set) var journal: [CallJournalEntry] = []

    static let stream = StreamSid("MZ00000000000000000000000000000001")
    static let rangAt = Date(timeIntervalSince1970: 1_800_000_000)
    static let opening: CallOpening = {
        guard let sid = CallSid("CA00000000000000000000000000000001"), let number = E164("+15550100100") else {
            preconditionFailure("the sample of an opening")
        }
        return CallOpening(
            callID: CallID(), tenant: .initial, profileID: UUID(), callSid: sid, from: nil, to: number,
            direction: .inbound, rangAt: rangAt, currency: "USD", timeZone: "America/New_York")
    }()

    init(limits: CallMachine.Limits = CallMachine.Limits()) {
        machine = CallMachine(limits: limits, rangAt: Script.rangAt)
    }

    /// The caller hears on, by the clock, from where the audio stands at the last event.
    mutating func queue(ms: Int, at atMs: Int) {
        let from = max(atMs, playout.playedOutMs ?? atMs)
        playout.queuedBytes += ms * 8
        playout.playedOutMs = from + ms
    }

    /// An event with the audio as the clock has it: everything queued is heard without a break.
    @discardableResult
    mutating func heardBy(_ ms: Int, _ event: CallMachine.Event) -> [CallMachine.Action] {
        let left = max(0, (playout.playedOutMs ?? 0) - ms)
        playout.audible = left > 0
        playout.heardBytes = playout.queuedBytes - left * 8
        return at(ms, event)
    }

    @discardableResult
    mutating func at(_ ms: Int, _ event: CallMachine.Event) -> [CallMachine.Action] {
        nowMs = ms
        let actions = machine.handle(event, at: ms, playout: playout)
        for action in actions {
            switch action {
            case .journal(let entry): journal.append(entry)
            case .sketch(let turn): journal.append(.turn(turn))
            default: break
            }
        }
        return actions
    }

    /// Rings, opens the agent, starts the stream, and the greeting is heard.
    mutating func greeted() throws {
        at(100, .agent(.ready(sessionID: "s")))
        at(200, .agent(.agentText("Hello there, how can I help?")))
        at(250, .agentAudioBegan)
        at(500, .streamStarted(try #require(Script.stream)))
        playout = CallMachine.Playout(queuedBytes: 16_000, heardBytes: 0, audible: true)
        at(520, .agentAudible(inMs: 0))
        at(580, .agentHeard(agoMs: 20, isFiller: false))
        at(900, .agent(.agentAudioSent))
        playout = CallMachine.Playout(queuedBytes: 16_000, heardBytes: 16_000, audible: false)
        at(2_600, .playoutDrained)
    }

    /// The turns as the record will have them.
    var turns: [Turn] {
        var last: [Int: Turn] = [:]
        for case .turn(let turn) in journal { last[turn.number] = turn }
        return last.values.sorted { $0.number < $1.number }
    }
}

extension [CallMachine.Action] {
    /// Actions but for the journal, which has tests of its own.
    var orders: [CallMachine.Action] {
        filter { action in
            switch action {
            case .journal, .sketch, .agentHeardOnly: false
            default: true
            }
        }
    }
}
