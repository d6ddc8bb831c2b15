package import Journal
package import Telephony

/// What every call uses and none owns.
package struct CallServices: Sendable {
    let agent: AgentEndpoint
    /// Nil where there is no account with one.
    let carrier: CarrierAccount?
    /// Who may sit in on calls besides caller and agent.
    let guests: [GuestInvitation]
    let office: BackOffice
    let journals: JournalStore
    let settings: CallSettings
    let urls: PublicURLs
    let tools: ToolRunner
    let phrases: SpokenPhrases
    let registry: CallRegistry

    package init(
        agent: AgentEndpoint, carrier: CarrierAccount?, guests: [GuestInvitation], office: BackOffice,
        journals: JournalStore, settings: CallSettings, urls: PublicURLs
    ) {
        self.agent = agent
        self.carrier = carrier
        self.guests = guests
        self.office = office
        self.journals = journals
        self.settings = settings
        self.urls = urls
        tools = ToolRunner(office: office)
        phrases = SpokenPhrases(render: office.render)
        registry = CallRegistry(
            callsMax: settings.callsMax, dialledMax: settings.dialledMax, isJournalWell: { journals.isWell })
    }
}
