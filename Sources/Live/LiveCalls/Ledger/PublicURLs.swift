import Foundation

/// The addresses the carrier is given, made from the public URL.
package struct PublicURLs: Sendable {
    /// `https://voice.example.com`, no trailing slash.
    let base: String

    package init(base: String) { self.base = base }

    /// `wss://…/twilio/media/<loop>`: the loop the call's agent leg is on, so that both legs share it.
    func media(loop: Int) -> String { socketBase + "/twilio/media/\(loop)" }
    /// Whom the carrier asks when a call that we placed is answered, and tells how far it is.
    package var voice: String { base + "/twilio/voice" }
    package var status: String { base + "/twilio/status" }
    /// Whom it tells who answered, where it was asked to find out.
    package var amd: String { base + "/twilio/amd" }
    var resume: String { base + "/twilio/resume" }
    var dialDone: String { base + "/twilio/dial-done" }
    var streamStatus: String { base + "/twilio/stream-status" }

    private var socketBase: String {
        base.hasPrefix("https://") ? "wss://" + base.dropFirst(8) : "ws://" + base.dropFirst(7)
    }

    /// The URLs the carrier may have signed for a request to `target`, path and query byte for byte as they came. A question
    /// mark with nothing behind it is dropped by some of its libraries.
    func signed(target: String) -> [String] {
        target.hasSuffix("?") ? [base + target, base + target.dropLast()] : [base + target]
    }

    func signedSocket(target: String) -> String { socketBase + target }
}
