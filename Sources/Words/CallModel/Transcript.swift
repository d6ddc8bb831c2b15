package enum Speaker: String, Codable, Sendable, Equatable {
    case caller, agent, human
}

/// One uninterrupted utterance by caller or agent. Times are milliseconds since the call began.
package struct Turn: Equatable, Sendable, Codable {
    /// Longer speech is kept as several turns, in bytes of UTF-8.
    package static let textBytesMax = 16_384

    /// 1, 2, 3 … in the order the turns began.
    package var number: Int
    package var speaker: Speaker
    package var startedMs: Int
    package var endedMs: Int
    /// What was said, or for the agent what it set out to say.
    package var text: String
    package var interrupted: Bool
    /// What the other side really heard: equals ``text`` unless the turn was interrupted.
    package var heardText: String

    package init(
        number: Int, speaker: Speaker, startedMs: Int, endedMs: Int, text: String, interrupted: Bool = false,
        heardText: String? = nil
    ) {
        self.number = number
        self.speaker = speaker
        self.startedMs = startedMs
        self.endedMs = endedMs
        self.text = text
        self.interrupted = interrupted
        self.heardText = heardText ?? text
    }
}

package struct Transcript: Equatable, Sendable, Codable {
    package var turns: [Turn]

    package init(turns: [Turn] = []) { self.turns = turns }

    package var callerTurns: [Turn] { turns.filter { $0.speaker == .caller } }

    /// `Caller: …` and `Agent: …` lines with what was heard, one a turn: what `calls.transcript` holds.
    package var plainText: String {
        turns.compactMap { turn in
            let name =
                switch turn.speaker {
                case .caller: "Caller"
                case .agent: "Agent"
                case .human: "Human"
                }
            return turn.heardText.isEmpty ? nil : "\(name): \(turn.heardText)"
        }.joined(separator: "\n")
    }
}
