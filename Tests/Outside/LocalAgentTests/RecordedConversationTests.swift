import Foundation
import SpeechAgent
import TestSupport
import Testing
import WebSocketTransport

@testable import LocalAgent

/// The recorded callers talk to the agent over the socket, as they will in the demo.
@Suite(.serialized) struct RecordedConversationTests {
    private static let fixtures = Checkout.url("audio-fixtures")

    /// Plays `recordings`, each once the agent has finished, and answers its function calls; gives back the client.
    private static func converse(
        _ recordings: [String], _ server: LocalAgentServer, _ loop: MediaLoop
    ) async throws -> AgentClient {
        let client = try await LocalAgentServerTests.client(server, loop)
        var answered: Set<String> = []
        for (turn, recording) in recordings.enumerated() {
            await settle(client, after: turn, &answered)
            let codes = [UInt8](try Data(contentsOf: fixtures.appending(path: recording)))
            try await client.play(codes)
        }
        await settle(client, after: recordings.count, &answered)
        return client
    }

    /// Waits until the agent has answered the caller's `turn`th turn in full, and answers what it asks of the CRM.
    private static func settle(_ client: AgentClient, after turn: Int, _ answered: inout Set<String>) async {
        let deadline = ContinuousClock.now + .seconds(120)
        var quietSince = ContinuousClock.now
        var seen = 0
        while ContinuousClock.now < deadline {
            for call in client.functionCalls where answered.insert(call.id ?? "").inserted {
                client.send(.functionCallResponse(id: call.id, name: call.name, content: #"{"ok":true}"#))
            }
            let messages = client.messages
            if messages.count != seen {
                seen = messages.count
                quietSince = .now
            }
            let turns = messages.indices.filter { messages[$0] == .endOfTurn(trigger: "model") }
            let answers = messages.indices.filter { messages[$0] == .agentAudioDone }
            let isAnswered = turns.count >= turn && (answers.last ?? -1) > (turns.last ?? -1)
            if isAnswered, ContinuousClock.now - quietSince > .milliseconds(600) { return }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test func `a qualified lead gets a meeting`() async throws {
        try await LocalAgentServerTests.withServer { server, loop in
            let client = try await Self.converse(
                [
                    "rms/need.ulaw", "rms/name.ulaw", "rms/company.ulaw", "rms/budget.ulaw",
                    "rms/yes-that-is-right.ulaw", "rms/i-decide.ulaw", "rms/this-month.ulaw",
                    "rms/tuesday-at-three.ulaw", "rms/yes-please.ulaw", "rms/goodbye.ulaw",
                ], server, loop)

            let names = client.functionCalls.map(\.name)
            #expect(names.contains("book_meeting"), "\(client.callerWords) → \(client.agentWords)")
            #expect(names.last == "end_call", "\(client.callerWords)")
            #expect(client.functionCalls.contains { $0.arguments.contains("30000") })
            #expect(client.functionCalls.contains { $0.arguments.contains(#""authority":"yes""#) })
        }
    }

    @Test func `a vague caller is let go without a meeting`() async throws {
        try await LocalAgentServerTests.withServer { server, loop in
            let client = try await Self.converse(
                [
                    "awb/question.ulaw", "awb/looking-around.ulaw", "awb/name.ulaw", "awb/company.ulaw",
                    "awb/no-budget.ulaw", "awb/boss-decides.ulaw", "awb/next-year.ulaw", "awb/no-thank-you.ulaw",
                    "awb/goodbye.ulaw",
                ], server, loop)

            let names = client.functionCalls.map(\.name)
            #expect(!names.contains("book_meeting"))
            #expect(names.last == "end_call", "\(client.callerWords) → \(client.agentWords)")
            #expect(client.functionCalls.contains { $0.arguments.contains(#""authority":"no""#) })
        }
    }

    @Test func `an opt-out is heard, confirmed and final`() async throws {
        try await LocalAgentServerTests.withServer { server, loop in
            let client = try await Self.converse(["kal16/stop-calling.ulaw", "kal16/yes.ulaw"], server, loop)

            let names = client.functionCalls.map(\.name)
            #expect(names == ["lookup_customer", "stop_calling_me", "end_call"], "\(client.callerWords)")
            #expect(client.agentWords.last == "Goodbye.")
        }
    }
}
