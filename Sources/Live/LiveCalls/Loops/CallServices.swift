package import Journal
package import Telephony

/// What every call uses and none owns.
package struct CallServices: Sendable {
    let agent: AgentEndpoint
    /// Nil where there is no account with one.
    let carrier: CarrierAccount?
    /// Nil where there are no specialists.
    let consults: ConsultServices?
    let office: BackOffice
    let journals: JournalStore
    let settings: CallSettings
    let urls: PublicURLs
    let tools: ToolRunner
    let phrases: SpokenPhrases
    let registry: CallRegistry

    package init(
        agent: AgentEndpoint, carrier: CarrierAccount?, consults: ConsultServices?, office: BackOffice,
        journals: JournalStore, settings: CallSettings, urls: PublicURLs
    ) {
        self.agent = agent
        self.carrier = carrier
        self.consults = consults
        self.office = office
        self.journals = journals
        self.settings = settings
        self.urls = urls
        tools = ToolRunner(office: office)
        phrases = SpokenPhrases(render: office.render)
        registry = CallRegistry(callsMax: settings.callsMax, isJournalWell: { journals.isWell })
    }
}
