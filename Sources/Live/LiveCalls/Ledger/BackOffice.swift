package import CallModel
package import Events
package import FoundationEssentials
package import TwilioProtocol

/// What the product does for live calls, which know nothing of it: finds out who is called and who calls, takes down what
/// begins and what has ended, shows what goes on. All of it on any thread.
package struct BackOffice: Sendable {
    /// Whom a called number reaches, known within so many ms or an error; nil when it is not ours to answer.
    package var route: @Sendable (DialledAddress, _ withinMs: Int) async throws -> NumberRoute?
    /// What is on record about a number, known within so many ms or an error.
    package var customer: @Sendable (TenantID, E164, _ withinMs: Int) async throws -> CustomerContext
    /// The call has its first media stream.
    package var begin: @Sendable (CallOpening, _ answeredAt: Date, StreamSid) async throws -> Void
    /// The call is over: its record is to be made of its journal.
    package var submit: @Sendable (CallID) async -> Void
    /// The call was lost with the gateway that held it: what is in its journal is its record.
    package var submitInterrupted: @Sendable (CallID) async -> Void
    /// The carrier tells of a call that we placed.
    package var progressed: @Sendable (DialledCall, CallStatusCallback) async throws -> Void
    /// On what terms a call was placed, known within so many ms or an error; nil where there is no such call.
    package var terms: @Sendable (DialledCall, _ withinMs: Int) async throws -> DialTerms?
    /// Who answered a call that we placed.
    package var answered: @Sendable (DialledCall, AnswerNote) async throws -> Void
    package var publish: @Sendable (LiveEvent) -> Void
    /// Mu-law at 8 kHz of a sentence; may take its time.
    package var render: @Sendable (String) throws -> [UInt8]

    package init(
        route: @escaping @Sendable (DialledAddress, Int) async throws -> NumberRoute?,
        customer: @escaping @Sendable (TenantID, E164, Int) async throws -> CustomerContext,
        begin: @escaping @Sendable (CallOpening, Date, StreamSid) async throws -> Void,
        submit: @escaping @Sendable (CallID) async -> Void,
        submitInterrupted: @escaping @Sendable (CallID) async -> Void,
        progressed: @escaping @Sendable (DialledCall, CallStatusCallback) async throws -> Void,
        terms: @escaping @Sendable (DialledCall, Int) async throws -> DialTerms?,
        answered: @escaping @Sendable (DialledCall, AnswerNote) async throws -> Void,
        publish: @escaping @Sendable (LiveEvent) -> Void, render: @escaping @Sendable (String) throws -> [UInt8]
    ) {
        self.route = route
        self.customer = customer
        self.begin = begin
        self.submit = submit
        self.submitInterrupted = submitInterrupted
        self.progressed = progressed
        self.terms = terms
        self.answered = answered
        self.publish = publish
        self.render = render
    }
}
