import Foundation

/// What `make fuzz` feeds with bytes that nobody chose: each a decoder of what strangers send, and what must hold of it
/// whatever they send. To add one: a case, its check below, and its seeds in `seeds/<name>`.
enum FuzzTarget: String, CaseIterable, Sendable {
    case mediaMessages = "media-messages"
    case agentMessages = "agent-messages"
    case journals
    case webhooks
    case signatures
    case twiml
    case tokens
    case apiRequests = "api-requests"
    case httpHeads = "http-heads"
    case httpConnections = "http-connections"
    case webSocketFrames = "websocket-frames"
    case csv

    /// Ends the process where something does not hold, which is what a fuzzer looks for.
    func check(_ input: [UInt8]) {
        switch self {
        case .mediaMessages: Self.checkMediaMessage(input)
        case .agentMessages: Self.checkAgentMessage(input)
        case .journals: Self.checkJournal(input)
        case .webhooks: Self.checkWebhook(input)
        case .signatures: Self.checkSignature(input)
        case .twiml: Self.checkTwiML(input)
        case .tokens: Self.checkToken(input)
        case .apiRequests: Self.checkAPIRequest(input)
        case .httpHeads: Self.checkHead(input)
        case .httpConnections: Self.checkConnection(input)
        case .webSocketFrames: Self.checkFrames(input)
        case .csv: Self.checkCSV(input)
        }
    }

    static func hold(_ condition: Bool, _ what: @autoclosure () -> String) {
        guard !condition else { return }
        // Optimised code ends without its words.
        FileHandle.standardError.write(Data("does not hold: \(what())\n".utf8))
        preconditionFailure(what())
    }
}
