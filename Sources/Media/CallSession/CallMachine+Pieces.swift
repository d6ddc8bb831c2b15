import AudioCore
import CallModel

/// A turn as the record has it: in pieces of bounded size, each with what was heard of it, and when.
extension CallMachine {
    /// What becomes one turn of the record.
    struct Piece {
        var text: String
        var heardText: String
        var startedMs: Int
        var endedMs: Int
        /// Where it ends in the text of all pieces.
        var endByte: Int

        func turn(_ speaker: Speaker, number: Int) -> Turn {
            Turn(
                number: number, speaker: speaker, startedMs: startedMs, endedMs: endedMs, text: text,
                interrupted: heardText != text, heardText: heardText)
        }
    }

    static func pieces(_ words: HeardText, heard: [String], from start: Int, to end: Int) -> [Piece] {
        let all = max(1, words.textBytes)
        var at = 0
        return zip(words.pieces, heard).map { text, heardText in
            let begins = at
            at = min(all, at + text.utf8.count + 1)
            return Piece(
                text: text, heardText: heardText, startedMs: start + (end - start) * begins / all,
                endedMs: start + (end - start) * at / all, endByte: at)
        }
    }

    private func heard(_ turn: OpenAgentTurn, _ playout: Playout) -> [String] {
        guard let startByte = turn.startByte else { return turn.words.pieces.map { _ in "" } }
        var words = turn.words
        words.audio(bytes: playout.queuedBytes - startByte + max(0, playout.droppedBytes - turn.droppedBefore))
        return words.heardPieces(bytes: playout.heardBytes - startByte)
    }

    func pieces(of turn: OpenAgentTurn, _ nowMs: Int, _ playout: Playout) -> [Piece] {
        let heard = heard(turn, playout)
        var ended = nowMs
        // The mark comes after the clock, except that of an earlier pause of the same response.
        if !playout.audible, turn.startByte != nil {
            ended = [turn.heardAllMs, playout.playedOutMs].compactMap(\.self).max() ?? nowMs
        }
        let started = min(turn.startedMs ?? nowMs, nowMs)
        return CallMachine.pieces(turn.words, heard: heard, from: started, to: max(started, min(ended, nowMs)))
    }

    func heardMs(of turn: OpenAgentTurn, _ playout: Playout) -> Int {
        let bytes = turn.startByte.map { min(playout.heardBytes, playout.queuedBytes) - $0 } ?? 0
        return max(0, bytes) / MuLaw.bytesPerMillisecond
    }

    func unheardText(_ playout: Playout) -> String {
        guard let turn = agentTurn else { return "" }
        return zip(turn.words.pieces, heard(turn, playout)).map { text, heard in
            String(text.dropFirst(heard.count).drop(while: \.isWhitespace))
        }.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
