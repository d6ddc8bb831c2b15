import CallModel
import Runtime
import SpeechAgent
import WebSocketTransport

/// What a guest may do with its call. On the call's loop only.
protocol CallHandle: AnyObject {
    var card: CallCard { get }
    var loop: MediaLoop { get }
    /// In ms since the phone rang, and the moment that such a time is.
    var nowMs: Int { get }
    func moment(atMs ms: Int) -> MonotonicTime
    /// Agent speech that is to be heard before what comes now, in ms.
    var waitingSpeechMs: Int { get }

    func tell(_ command: SpeechAgentCommand)
    /// While a guest holds the call, nobody takes silence for a fault.
    func hold(_ isHeld: Bool, by guest: any CallGuest)
    /// Has the agent say `text`, word for word.
    func say(_ text: String, mode: SpeechAgentCommand.SayMode)
    /// Plays mu-law to the caller, unless something else is waiting to be heard.
    func play(_ audio: [UInt8])
    /// What was said and has not been heard is not heard any more.
    func hush()
    /// A sentence in the gateway's own voice, in mu-law; nil while it has not been rendered.
    func phrase(_ text: String) -> [UInt8]?
    /// Has a sentence rendered, beside the loop.
    func preparePhrase(_ text: String)
    func journal(_ entry: CallJournalEntry)
    /// Hands the call to a person, once everything said has been heard.
    func transfer(reason: String)
    /// Hangs up, once everything said has been heard.
    func end(reason: String)
}
