import CallModel

@testable import LiveCalls

extension BackOffice {
    struct Away: Error {}

    /// Nobody is there: numbers lead nowhere, callers are unknown, and what is told is lost.
    static let away = BackOffice(
        route: { _, _ in nil }, customer: { _, _, _ in throw Away() }, begin: { _, _, _ in throw Away() },
        submit: { _ in }, submitInterrupted: { _ in }, progressed: { _, _ in throw Away() },
        terms: { _, _ in throw Away() }, answered: { _, _ in throw Away() }, publish: { _ in },
        render: { _ in throw Away() })
}
