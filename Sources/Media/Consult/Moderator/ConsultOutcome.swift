/// How a consult went: who was asked and why, what each did, and the one answer, if there is one.
package struct ConsultOutcome: Equatable, Sendable {
    package enum Verdict: Equatable, Sendable {
        case answered
        /// Nobody's field, or everybody replied in time and nobody knew anything.
        case nothingFound
        /// It depends on a country that nobody named: the caller is asked for it. Nobody else was.
        case placeUnknown
        /// Nobody replied usefully: failed or late.
        case allFailed
        /// The consent did not hold, before sending or meanwhile.
        case refused(ConsentRefusal)
        /// The task that asked was cancelled.
        case cancelled
    }

    package var verdict: Verdict
    package var picks: [SpecialistPick]
    /// In the order of the picks.
    package var answers: [SpecialistAnswer]
    package var merged: MergedAnswer?
    package var tookMs: Int

    /// As the gate takes it: nil when there is nothing to deliver.
    ///
    /// - Parameter askingPlace: what the caller is asked when it depends on the place.
    package func answer(askingPlace: String = "") -> ConsultAnswer? {
        if verdict == .placeUnknown { return ConsultAnswer(text: askingPlace, answers: []) }
        guard let merged else { return nil }
        let titles = Dictionary(uniqueKeysWithValues: picks.map { ($0.specialist.id, $0.specialist.title) })
        return ConsultAnswer(text: merged.text(titles: titles), answers: answers)
    }
}
