package import Database
package import FoundationEssentials

/// A change of stage, as rows of `leads` have it: stage before, time, and the column of the board. That it happened is
/// written down by the table's own trigger (`lead_stage_changes`).
package enum LeadMove {
    /// Whether the row's stage is the one it is given.
    package static let stays: SQL<LeadColumn> = "t.\(.stage) = \(given: .stage)"

    package static let previousStage: SQL<LeadColumn> =
        "case when \(stays) then t.\(.previousStage) else t.\(.stage) end"
    package static let stageChangedAt: SQL<LeadColumn> =
        "case when \(stays) then t.\(.stageChangedAt) else \(given: .stageChangedAt) end"
    package static let pipelineStageID: SQL<LeadColumn> = """
        case when \(stays) then t.\(.pipelineStageID) else coalesce(
            (select p.id from pipeline_stages p where p.stage = \(given: .stage) order by p.position limit 1),
            t.\(.pipelineStageID)) end
        """

    /// A person moves a lead: the chance to win becomes that of the new column.
    static let byHand = BulkStatement<LeadColumn>(
        update: .id,
        set: [
            .previousStage: .sql(previousStage), .stageChangedAt: .sql(stageChangedAt),
            .pipelineStageID: .sql(pipelineStageID),
            .winProbability: """
            coalesce(
                (select p.win_probability from pipeline_stages p where p.stage = \(given: .stage)
                    order by p.position limit 1),
                t.\(.winProbability))
            """,
            .stage: .given,
        ])

    /// Their contacts move along, but for customers and those a person closed.
    static let contacts = BulkStatement<LeadColumn>(
        """
        update contacts c set lifecycle_stage = lower(\(given: .stage))
        from given g join leads l on l.\(.id) = \(given: .id)
        where l.\(.id) = any(\(all: .id)) and c.id = l.\(.contactID) and c.status in ('lead', 'prospect', 'qualified')
        """)

    /// - Parameters:
    ///   - leads: locked, and free to move there.
    ///   - reason: why, in a person's words.
    package static func perform(
        _ leads: [UUID], to stage: LeadStage, reason: String?, at moment: Date, in tx: borrowing Transaction
    ) throws {
        guard !leads.isEmpty else { return }
        try tx.send("select set_config('app.stage_reason', $1, true)", [.text(reason ?? "")])
        try tx.send(
            byHand,
            leads.map {
                [.id: .uuid($0), .stage: .text(stage.rawValue), .stageChangedAt: .timestamp(moment)]
            })
        try tx.send(contacts, leads.map { [.id: .uuid($0), .stage: .text(stage.rawValue)] })
        try tx.send("select set_config('app.stage_reason', '', true)")
    }
}
