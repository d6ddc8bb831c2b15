import Answering
import CallModel
import Telemetry

extension GuestInvitation {
    /// Who answers, in the calls that we place.
    ///
    /// - Parameter record: puts on record what is known; may be told more than once of a call.
    package static func answers(
        record: @escaping @Sendable (DialledCall, AnswerNote) async throws -> Void
    ) -> GuestInvitation {
        GuestInvitation(
            seat: { call, carried in
                let sid = call.card.opening.callSid
                return AnswerDesk(call, carrying: carried as? AnswerDesk.Carried) { dialled, note in
                    Task { await put(note, of: dialled, sid, record) }
                }
            },
            warmUp: { _ = AnsweringCues.of($0.language)?.isMachine("Please leave a message after the tone.") })
    }

    private static let tries = 3

    private static func put(
        _ note: AnswerNote, of dialled: DialledCall, _ sid: CallSid,
        _ record: @Sendable (DialledCall, AnswerNote) async throws -> Void
    ) async {
        for left in (0..<tries).reversed() {
            do {
                return try await record(dialled, note)
            } catch {
                guard left == 0 else {
                    try? await Task.sleep(for: .seconds(1))
                    continue
                }
                Log.error("who answered is not on record", ["call.sid": sid, "error": error])
            }
        }
    }
}
