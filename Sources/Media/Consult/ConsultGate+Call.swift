import FoundationEssentials

/// The call around a consult: the agent leg, the hang-up, the agent's tool calls, and how a consult ends.
extension ConsultGate {
    mutating func agentLegReopened(_ nowMs: Int, _ actions: inout [Action]) {
        guard consult != nil else { return }
        actions.append(.pauseAgent)
        switch phase {
        case .idle: break
        case .asking: sayOffer(nowMs, &actions)
        case .consulting: giveSign(nowMs, &actions)
        case .delivering: deliver(nowMs, &actions)
        }
    }

    mutating func hungUp(_ nowMs: Int, _ actions: inout [Action]) {
        isOver = true
        guard consult != nil else { return }
        resolveTools("call_ended", "The call is over.", &actions)
        switch phase {
        case .idle: break
        case .asking: finish(.hungUp, nowMs, &actions)
        case .consulting:
            cancel(.hungUp, &actions)
            finish(.hungUp, nowMs, &actions)
        case .delivering: finish(.unheard, nowMs, followUp: unheardNote, &actions)
        }
    }

    mutating func finish(
        _ ending: ConsultRecord.Ending, _ nowMs: Int, followUp: String? = nil, _ actions: inout [Action]
    ) {
        ledger.withdraw()
        phase = .idle
        guard var record = consult?.record else { return }
        consult = nil
        record.ending = ending
        record.endedMs = nowMs
        record.followUp = followUp
        actions.append(.record(record))
    }

    mutating func resolveTools(_ status: String, _ instructions: String, _ actions: inout [Action]) {
        for callID in consult?.toolCalls ?? [] { actions.append(resolve(callID, status, instructions)) }
        consult?.toolCalls = []
    }

    func resolve(_ callID: String, _ status: String, _ instructions: String) -> Action {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try? encoder.encode(["status": status, "instructions": instructions])
        return .resolveTool(callID: callID, contentJSON: data.map { String(decoding: $0, as: UTF8.self) } ?? "{}")
    }
}
