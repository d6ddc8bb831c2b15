/// What is to be done where a machine answers a call that we placed.
package enum MachinePolicy: String, CaseIterable, Codable, Sendable {
    case hangup
    /// A message after the beep, where it is a mailbox; else as `hangup`.
    case leaveMessage = "leave_message"
    /// The agent talks to it as it would to anybody.
    case continueAgent = "continue_agent"
}
