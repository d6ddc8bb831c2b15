import Database

/// One row of a file as it goes in, or what keeps it out.
struct ImportRow: Equatable, Sendable {
    /// What is wrong with one cell, or with the row as a whole.
    struct Finding: Equatable, Sendable {
        /// With an error the row is not taken, with a warning it is.
        var isError: Bool
        var code: String
        /// Of the file; nil for the row as a whole.
        var column: String?
        var value: String?
        var reason: String
    }

    /// From 1, the header not counted.
    var number: Int
    var line: Int
    /// For the columns of ``ImportRules/columns``, in their order; null leaves what there is.
    var values: [SQLValue] = []
    /// In E.164 form.
    var phone: String?
    /// In small letters, as it is compared.
    var email: String?
    var isToBeLeftAlone = false
    var findings: [Finding] = []

    var isFaulty: Bool { findings.contains(where: \.isError) }
}
