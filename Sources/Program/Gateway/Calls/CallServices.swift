import API
import CRM
import CallModel
import Foundation
import Journal
import SpeechAgent
import Telemetry
import WebSocketTransport

/// What every call uses and none owns: the slow side of the gateway.
struct CallServices: Sendable {
    let agent: AgentEndpoint
    let carrier: CarrierAccount?
    let tools: ToolRunner
    /// Nil where there are no specialists.
    let consults: ConsultServices?
    let store: CallStore
    let writer: PostCallWriter
    let journals: JournalStore
    let live: LiveFeed
    let phrases: SpokenPhrases
    let registry: CallRegistry
    let playoutLeadMs: Int
    /// Whether a busy loop puts more than one frame into a message.
    let coalescesAudio: Bool
    let urls: PublicURLs
    /// A media stream that sends nothing for this long is dead.
    let streamSilenceMs: Int
    let patience: GatewayConfig.Patience
}

/// A call as the control plane knows it, from its ring to its record.
struct CallCard: Sendable {
    let opening: CallOpening
    let profile: AgentProfile
    let context: CustomerContext?
    let journal: CallJournal
    /// The media loop both legs are on.
    let loopIndex: Int

    /// The zone in which the two sides mean their times: the customer's own where it is on record.
    var timeZone: TimeZone {
        context?.timeZone.flatMap { TimeZone(identifier: $0) } ?? TimeZone(identifier: profile.timeZone) ?? .gmt
    }

    func moved(toLoop index: Int) -> CallCard {
        CallCard(opening: opening, profile: profile, context: context, journal: journal, loopIndex: index)
    }
}
