import Foundation
import SimulatedCarrier
import Synchronization

/// A call on the terminal, line by line, with the seconds since it was placed.
final class CallScreen: Sendable {
    private let began = ContinuousClock.now
    private let quiet: Bool

    init(quiet: Bool = false) { self.quiet = quiet }

    /// What the simulated carrier sees: the phone's side of the call.
    func show(_ event: SimulatedCallEvent, caller: String? = nil) {
        func line(_ who: String, _ text: String) { self.line(caller, who, text) }
        switch event.kind {
        case .ringing: line("·", "the phone rings")
        case .streamStarted: line("·", "the media stream is open")
        case .streamFailed: line("!", "the media stream failed: \(event.detail)")
        case .webhookFailed: line("!", "a webhook failed: \(event.detail)")
        case .protocolViolation: line("!", "the gateway broke the protocol: \(event.detail)")
        case .cleared: line("·", "the caller interrupts: \(event.detail)")
        case .keyPressed: line("caller", "presses \(event.detail)")
        case .said: line("carrier", event.detail)
        case .dialing, .dialEnded, .redirected: line("·", "\(event.kind.rawValue) \(event.detail)")
        case .hungUp: line("·", "\(event.detail.isEmpty ? "the call" : event.detail) hangs up")
        case .ended: line("·", "the call is over: \(event.detail)")
        default: break
        }
    }

    /// What the gateway makes of it: turns as they are finished, tools, remarks.
    func live(kind: String, speaker: String?, text: String, caller: String? = nil) {
        func line(_ who: String, _ text: String) { self.line(caller, who, text) }
        switch kind {
        case "turn": line(speaker ?? "?", text)
        case "tool_called": line("tool", text)
        case "note": line("note", text)
        default: break
        }
    }

    private func line(_ caller: String?, _ who: String, _ text: String) {
        guard !quiet else { return }
        let elapsed = ContinuousClock.now - began
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let name = caller.map { $0.padding(toLength: 8, withPad: " ", startingAt: 0) } ?? ""
        print(
            String(format: "  %6.1f s  ", seconds) + name + who.padding(toLength: 8, withPad: " ", startingAt: 0) + text
        )
        fflush(nil)
    }
}
