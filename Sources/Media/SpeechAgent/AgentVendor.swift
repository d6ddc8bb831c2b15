/// The speech agents there are, with what each takes beyond ``AgentSettings``.
package enum AgentVendor: Sendable {
    case deepgram(DeepgramOptions)

    /// Characters of a prompt that it takes; nil: all.
    package var promptCharactersMax: Int? {
        switch self {
        case .deepgram(let options): options.promptCharactersMax
        }
    }
}
