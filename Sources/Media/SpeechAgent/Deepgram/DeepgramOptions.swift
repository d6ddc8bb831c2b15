/// What of Deepgram's ``DeepgramSettings`` no other agent has.
package struct DeepgramOptions: Equatable, Sendable {
    /// Who runs the language model; nil derives it from the model's id.
    package var thinkProvider: String?
    /// A language model of ours, in place of a managed one.
    package var thinkEndpoint: DeepgramEndpoint?
    /// Whether the vendor is to learn nothing from the calls.
    package var mipOptOut: Bool

    package init(thinkProvider: String? = nil, thinkEndpoint: DeepgramEndpoint? = nil, mipOptOut: Bool = true) {
        self.thinkProvider = thinkProvider
        self.thinkEndpoint = thinkEndpoint
        self.mipOptOut = mipOptOut
    }

    /// A managed model takes so many, and the server cuts the rest off at the end; an endpoint of ours takes all.
    package var promptCharactersMax: Int? { thinkEndpoint == nil ? Self.managedPromptCharactersMax : nil }

    package static let managedPromptCharactersMax = 25_000
}
