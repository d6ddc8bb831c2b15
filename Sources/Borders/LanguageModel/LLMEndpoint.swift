package import Foundation

/// An OpenAI-compatible chat endpoint, as `PARLEY_LLM_URL` names it.
package struct LLMEndpoint: Sendable {
    /// How the server calls the limit of its answer: OpenAI's name, or the older one that compatible servers know.
    package enum TokenLimitName: String, Sendable {
        case completionTokens = "max_completion_tokens"
        case tokens = "max_tokens"
    }

    /// `…/v1/chat/completions`.
    package let url: URL
    package var apiKey: String?
    package var model: String
    /// Nil leaves it to the server; reasoning models refuse it.
    package var temperature: Double?
    package var tokenLimitName = TokenLimitName.completionTokens
    /// For one extraction, retries included.
    package var timeout = Duration.seconds(20)
    /// Before the first retry; doubled for the second.
    package var retryDelay = Duration.milliseconds(500)

    /// Nil unless `address` is an http or https URL with a host; `/chat/completions` is added to a base such as `…/v1`.
    package init?(_ address: String, apiKey: String? = nil, model: String, temperature: Double? = nil) {
        guard var parts = URLComponents(string: address), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", parts.host?.isEmpty == false
        else { return nil }
        if !parts.path.hasSuffix("/chat/completions") {
            while parts.path.hasSuffix("/") { parts.path.removeLast() }
            parts.path += "/chat/completions"
        }
        guard let url = parts.url, !model.isEmpty else { return nil }
        self.url = url
        self.apiKey = apiKey.flatMap { $0.isEmpty ? nil : $0 }
        self.model = model
        self.temperature = temperature
    }
}

/// Why a language model gave no usable answer. Carries sizes and codes, never call content.
package enum LLMError: Error, Equatable, CustomStringConvertible {
    case unreachable(String)
    case timedOut
    /// It has failed so often that nothing is sent to it for a while.
    case heldBack
    case refusedByServer(status: Int, code: String?)
    case tooLong(bytesMax: Int)
    case notAnAnswer(String)

    package var description: String {
        switch self {
        case .unreachable(let reason):
            "The language model cannot be reached (\(reason)); the rules are used. Check PARLEY_LLM_URL."
        case .heldBack: "The language model has failed repeatedly and is left alone for a while; the rules are used."
        case .timedOut: "The language model did not answer in time; the rules are used."
        case .refusedByServer(let status, let code):
            "The language model's server answered \(status)\(code.map { " (\($0))" } ?? ""); the rules are used."
        case .tooLong(let bytesMax): "The language model's answer exceeds \(bytesMax) bytes; the rules are used."
        case .notAnAnswer(let what): "The language model's answer is not usable: \(what); the rules are used."
        }
    }
}
