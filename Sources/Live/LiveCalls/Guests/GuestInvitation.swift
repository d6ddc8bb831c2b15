import CallModel

/// Brings a guest of one kind to the calls that have one.
package struct GuestInvitation: Sendable {
    /// Seats a guest as the phone rings, or on the loop the call has come to: then with what ``CallGuest/moved()`` gave there.
    /// Nil where the call has none.
    let seat: @Sendable (_ call: any CallHandle, _ carried: (any Sendable)?) -> (any CallGuest)?
    /// Reads from the disk what calls of a profile need, before a media thread does.
    var warmUp: @Sendable (AgentProfile) -> Void = { _ in }
}
