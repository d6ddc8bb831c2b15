package import CallModel
import Foundation
import Journal

/// A call as the control plane knows it, from its ring to its record.
package struct CallCard: Sendable {
    package let opening: CallOpening
    let profile: AgentProfile
    let context: CustomerContext?
    let journal: CallJournal
    /// The media loop both legs are on.
    let loopIndex: Int
    /// Of a call that we placed, as long as the gateway lives that placed it.
    var terms: DialTerms?

    /// The zone in which the two sides mean their times: the customer's own where it is on record.
    var timeZone: TimeZone {
        context?.timeZone.flatMap { TimeZone(identifier: $0) } ?? TimeZone(identifier: profile.timeZone) ?? .gmt
    }

    func moved(toLoop index: Int) -> CallCard {
        CallCard(
            opening: opening, profile: profile, context: context, journal: journal, loopIndex: index, terms: terms)
    }
}
