import TestSupport

@testable import Consult

extension ConsultFixture {
    /// A grant as a real yes gives it.
    static func grant(_ question: ConsultQuestion) -> ConsentGrant { granted(question).grant }

    static func withdrawnGrant(_ question: ConsultQuestion) -> ConsentGrant {
        var (grant, ledger) = granted(question)
        ledger.withdraw()
        return grant
    }

    private static func granted(_ question: ConsultQuestion) -> (grant: ConsentGrant, ledger: ConsentLedger) {
        var ledger = ConsentLedger()
        guard let verdict = try? ConsentClassifier(language: "en").classify("yes please"),
            let grant = ledger.grant(for: question, on: verdict, atMs: 6_000, expiresMs: 96_000)
        else { preconditionFailure("`yes please` is a yes") }
        return (grant, ledger)
    }
}
