/// `parley specialists --check`: reads the specialists and says what it found.
package enum SpecialistCheck {
    /// - Returns: whether every file can be used, and the lines to print: findings first, then one summary.
    package static func run(
        _ read: (roster: SpecialistRoster, findings: [SpecialistFinding])
    ) -> (ok: Bool, lines: [String]) {
        let (roster, findings) = read
        let errors = findings.count { $0.severity == .error }
        let domains = Specialist.Domain.allCases.map { domain in
            "\(roster.specialists.count { $0.domain == domain }) \(domain.rawValue)"
        }
        let sections = roster.specialists.reduce(0) { $0 + $1.sections.count }
        let summary =
            "\(roster.specialists.count) specialists (\(domains.joined(separator: ", "))), \(sections) sections, "
            + "\(errors) errors, \(findings.count - errors) warnings"
        return (errors == 0, findings.map(\.description) + [summary])
    }
}
