import Encoding
import SpeechAgent

extension FuzzTarget {
    /// A message of either side of the speech agent.
    static func checkAgentMessage(_ input: [UInt8]) {
        if let json = try? WireJSON(parsing: input) {
            let text = json.text
            hold((try? WireJSON(parsing: text))?.text == text, "what is written is read as it was written")
        }
        if let message = try? DeepgramServerMessage(decoding: input) {
            hold(
                (try? DeepgramServerMessage(decoding: Array(message.encoded().utf8))) != nil, "\(message) is read again"
            )
        }
        if let message = try? DeepgramClientMessage(decoding: input) { _ = message.encoded() }
    }
}
