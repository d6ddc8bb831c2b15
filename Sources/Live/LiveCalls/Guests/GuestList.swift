import CallModel
import Runtime
import SpeechAgent
import WebSocketTransport

/// The guests of one call, in the order of their invitations; most calls have none or one. On the call's loop.
final class GuestList {
    /// What goes with the call to another loop, an entry an invitation.
    struct Carried {
        fileprivate let places: [(any Sendable)?]
        fileprivate let holders: Set<Int>
    }

    /// A place an invitation, empty where it brought nobody.
    private var places: [(any CallGuest)?] = []
    private(set) var guests: [any CallGuest] = []
    /// Those who hear frames: few, so that a frame costs the others nothing.
    private var listeners: [any CallGuest] = []
    /// The places of those who hold the call.
    private var holders: Set<Int> = []

    func seat(_ invitations: [GuestInvitation], at call: any CallHandle, carrying carried: Carried?) {
        places = invitations.enumerated().map { place, invitation in
            invitation.seat(call, carried.flatMap { $0.places.indices.contains(place) ? $0.places[place] : nil })
        }
        holders = carried?.holders ?? []
        guests = places.compactMap(\.self)
        listeners = guests.filter(\.hearsFrames)
    }

    var tools: [AgentTool] { guests.flatMap(\.tools) }
    var isBridging: Bool { guests.contains(where: \.isBridging) }

    func admits(_ event: SpeechAgentEvent) -> Bool {
        guests.reduce(true) { isAdmitted, guest in guest.admits(event) && isAdmitted }
    }

    /// Hot path.
    func admitsSpeech(bytes: Int) -> Bool {
        var isAdmitted = true
        for guest in guests where !guest.admitsSpeech(bytes: bytes) { isAdmitted = false }
        return isAdmitted
    }

    /// Hot path.
    var letAgentHear: Bool {
        for guest in guests where !guest.letsAgentHear { return false }
        return true
    }

    /// Hot path.
    func callerFrame(_ speech: Span<UInt8>, at now: MonotonicTime) {
        for guest in listeners { guest.callerFrame(speech, at: now) }
    }

    /// Hot path.
    func agentFrame(_ speech: Span<UInt8>, at now: MonotonicTime) {
        for guest in listeners { guest.agentFrame(speech, at: now) }
    }

    func callerSaid(_ text: String, audioPositionMs: Int) {
        for guest in guests { guest.callerSaid(text, audioPositionMs: audioPositionMs) }
    }

    func agentSaid(_ text: String) { for guest in guests { guest.agentSaid(text) } }
    func event(_ event: CallGuestEvent) { for guest in guests { guest.event(event) } }

    /// Gives a tool call to the guest that offered it.
    func take(_ call: AgentToolCall) {
        guests.first { $0.tools.contains { $0.name == call.name } }?.event(.toolCalled(call))
    }

    /// Whether anybody holds the call from now on.
    func hold(_ isHeld: Bool, by guest: any CallGuest) -> Bool {
        guard let place = places.firstIndex(where: { $0 === guest }) else { return !holders.isEmpty }
        if isHeld { holders.insert(place) } else { holders.remove(place) }
        return !holders.isEmpty
    }

    func moved() -> Carried { Carried(places: places.map { $0?.moved() }, holders: holders) }

    /// The call lets go of them.
    func ended() {
        for guest in guests { guest.ended() }
        (places, guests, listeners) = ([], [], [])
    }
}
