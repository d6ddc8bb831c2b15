package import Settings

/// Which speech agent, and how it is let in and checked.
package enum SpeechAgentSettings {
    package static let url = Setting(
        "PARLEY_AGENT_URL", .url("ws", "wss"),
        "speech agent WebSocket; default Deepgram's when its key is set, else the local agent")
    package static let deepgramKey = Setting("PARLEY_DEEPGRAM_API_KEY", .text, "Deepgram API key", secret: true)
    package static let authorities = Setting(
        "PARLEY_TLS_CA", .readableFile,
        "PEM authorities to check the speech agent's certificate with; default: the machine's")

    package static let all: [any AnySetting] = [url, deepgramKey, authorities]
}
