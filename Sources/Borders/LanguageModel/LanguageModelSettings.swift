package import Settings

/// The chat endpoint of extraction, specialists and replies.
package enum LanguageModelSettings {
    package static let url = Setting(
        "PARLEY_LLM_URL", .baseURL("http", "https"),
        "OpenAI-compatible base URL for extraction; absent: the embedded rules"
    )
    package static let apiKey = Setting("PARLEY_LLM_API_KEY", .text, "its key", secret: true)
    package static let model = Setting("PARLEY_LLM_MODEL", .text, default: "gpt-5.4-mini", "its model")

    package static let all: [any AnySetting] = [url, apiKey, model]
}
