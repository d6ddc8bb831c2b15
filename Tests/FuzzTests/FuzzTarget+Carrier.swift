import CallModel
import Encoding
import TwilioProtocol

extension FuzzTarget {
    private static let streamSid = StreamSid("MZ00000000000000000000000000000001")

    /// A message of either side of a media stream, into a buffer of any size.
    static func checkMediaMessage(_ input: [UInt8]) {
        let room = input.count % 3 == 0 ? TwilioMessage.audioBytesMax : input.count / 2
        var audio = [UInt8](repeating: 0, count: room)
        var span = audio.mutableSpan
        if case .media(let frame)? = try? TwilioMessage.decodeInbound(input.span, audio: &span) {
            hold((0...room).contains(frame.payloadBytes), "\(frame.payloadBytes) bytes of audio in \(room)")
        }
        guard let streamSid else { return }
        if case .media(let codes)? = try? TwilioMessage.decodeOutbound(input.span, streamSid: streamSid) {
            hold(Base64.decode(Base64.encode(codes)) == codes, "\(codes.count) codes come back from Base64")
        }
    }

    /// A form, and every callback that could be in it.
    static func checkWebhook(_ input: [UInt8]) {
        guard let form = try? FormURLEncoded.decode(input) else { return }
        let again = try? FormURLEncoded.decode(query: FormURLEncoded.encode(form))
        hold(again == form, "a form of \(form.count) fields comes back")
        if let ring = try? VoiceWebhook(form: form) { _ = (ring.fromNumber, ring.dialled, ring.attestation?.doubt) }
        _ = try? CallStatusCallback(form: form)
        _ = try? MachineDetectionCallback(form: form)
        _ = try? StreamStatusCallback(form: form)
    }

    /// A signature and the address it is over; moments as the carrier writes them.
    static func checkSignature(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        let (header, url) = (String(text.prefix(28)), String(text.dropFirst(28)))
        hold(
            (try? RequestSignature.validate(header: header, url: url, tokens: ["secret"])) == nil,
            "nobody guesses a signature")
        hold(
            (try? RequestSignature.validateWebSocket(header: header, url: url, tokens: ["secret"])) == nil,
            "nobody guesses the signature of a stream")
        _ = CarrierTimestamp.rfc2822(text)
        _ = CarrierTimestamp.iso8601(text)
    }

    static func checkTwiML(_ input: [UInt8]) {
        guard let document = try? TwiML(xml: String(decoding: input, as: UTF8.self)) else { return }
        let again = try? TwiML(xml: document.xml)
        hold(again == document, "a document of \(document.verbs.count) verbs comes back")
    }
}
