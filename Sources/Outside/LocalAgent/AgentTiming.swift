/// Every delay and bound of the local agent's sessions.
package struct AgentTiming: Sendable {
    /// Silence of the client, in messages, after which the session is closed with `CLIENT_MESSAGE_TIMEOUT`.
    package var clientIdleMs: Int64 = 12_000
    /// Silence of the caller after a question until "Are you still there?".
    package var callerSilenceMs: Int64 = 8_000
    /// How long a client-side function may take before the conversation goes on without it.
    package var functionMs: Int64 = 10_000
    /// From `SettingsApplied` on, a session lasts at most this long.
    package var sessionMs: Int64 = 7_200_000
    /// Between two pieces of speech; with ``pieceBytes`` about three times real time.
    package var pieceMs: Int64 = 40
    /// Sizes of the pieces speech is sent in, in turn: odd on purpose, as the hosted agent's are.
    package var pieceBytes = [1_201, 877, 1_403, 963, 801]

    package init() {}
}
