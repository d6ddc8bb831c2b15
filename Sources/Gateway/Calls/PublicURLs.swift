import Foundation

/// The addresses the carrier is given, made from the public URL.
struct PublicURLs: Sendable {
    /// `https://voice.example.com`, no trailing slash.
    let base: String

    /// `wss://…/twilio/media/<loop>`: the loop the call's agent leg is on, so that both legs share it.
    func media(loop: Int) -> String { socketBase + "/twilio/media/\(loop)" }
    var resume: String { base + "/twilio/resume" }
    var dialDone: String { base + "/twilio/dial-done" }
    var streamStatus: String { base + "/twilio/stream-status" }

    private var socketBase: String {
        base.hasPrefix("https://") ? "wss://" + base.dropFirst(8) : "ws://" + base.dropFirst(7)
    }

    /// The URL the carrier signed for a request to `path`.
    func signed(path: String, query: String) -> String { base + path + (query.isEmpty ? "" : "?" + query) }
    func signedSocket(path: String) -> String { socketBase + path }
}
