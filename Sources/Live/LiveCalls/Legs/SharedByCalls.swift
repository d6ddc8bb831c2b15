import AudioCore
import CallModel
import CallSession
import TwilioProtocol

/// What the calls of one loop have in common on their hot path. Loop-confined.
final class SharedByCalls {
    let grain: MessageGrain
    let blocks = AudioBlockPool()
    let room = TwilioMessageRoom()
    /// Where the payload of the message at hand is decoded.
    var payload = [UInt8](repeating: 0, count: TwilioMessage.audioBytesMax)
    /// The frames that are about to go to a carrier.
    var frames = [UInt8](repeating: MuLaw.silence, count: MessageGrain.framesMax * MuLaw.frameBytes)

    init(grain: MessageGrain) { self.grain = grain }
}
