package import Database

/// Whom a campaign is for. What is not said asks nothing; of a list any is enough, but where its name says otherwise.
///
/// Whoever is left alone, has no number, or is enrolled already is taken by none.
package struct TargetCriteria: Codable, Equatable, Sendable {
    package var lifecycleStage: [String]?
    package var status: [String]?
    package var leadSource: [String]?
    package var optInStatus: [String]?
    package var tagsAll: [String]?
    package var tagsAny: [String]?
    package var tagsNone: [String]?
    /// By name, the values they have.
    package var customFields: [String: String]?
    /// Of their best lead.
    package var scoreMin: Int?
    package var scoreMax: Int?
    /// Not called or called by for so many days.
    package var daysWithoutCall: Int?

    package init() {}

    /// As it is on record, names in snake case.
    enum CodingKeys: String, CodingKey {
        case lifecycleStage = "lifecycle_stage"
        case status
        case leadSource = "lead_source"
        case optInStatus = "opt_in_status"
        case tagsAll = "tags_all"
        case tagsAny = "tags_any"
        case tagsNone = "tags_none"
        case customFields = "custom_fields"
        case scoreMin = "score_min"
        case scoreMax = "score_max"
        case daysWithoutCall = "days_without_call"
    }

    /// SQL over contacts as `k`, with its values from `$first` on.
    package func rule(from first: Int) -> (sql: String, values: [SQLValue]) {
        var (rules, values): ([String], [SQLValue]) = ([], [])
        func ask(_ value: SQLValue?, _ rule: (String) -> String) {
            guard let value else { return }
            rules.append(rule("$\(first + values.count)"))
            values.append(value)
        }
        for (texts, column) in [
            (lifecycleStage, "lifecycle_stage"), (status, "status"), (leadSource, "lead_source"),
            (optInStatus, "opt_in_status"),
        ] {
            ask(texts.map { .textArray($0) }) { "k.\(column) = any(\($0)::text[])" }
        }
        ask(tagsAll.map { .textArray($0) }) { "k.tags @> \($0)::text[]" }
        ask(tagsAny.map { .textArray($0) }) { "k.tags && \($0)::text[]" }
        ask(tagsNone.map { .textArray($0) }) { "not k.tags && \($0)::text[]" }
        for (name, value) in (customFields ?? [:]).sorted(by: { $0.key < $1.key }) {
            ask(.textArray([name, value])) { "k.custom_fields ->> (\($0)::text[])[1] = (\($0)::text[])[2]" }
        }
        let score = "(select max(l.lead_score) from leads l where l.contact_id = k.id)"
        ask(scoreMin.map { .int($0) }) { "\(score) >= \($0)::integer" }
        ask(scoreMax.map { .int($0) }) { "\(score) <= \($0)::integer" }
        ask(daysWithoutCall.map { .int($0) }) { days in
            """
            not exists (select from calls t where t.contact_id = k.id
                and t.call_start_time > now() - make_interval(days => \(days)::integer))
            """
        }
        return (rules.isEmpty ? "true" : rules.joined(separator: " and "), values)
    }
}
