import API
import Consult

extension SpecialistsReport {
    /// What the files hold, and what is wrong with them.
    init(_ read: (roster: SpecialistRoster, findings: [SpecialistFinding])) {
        self.init(
            data: read.roster.specialists.map { specialist in
                SpecialistView(
                    id: "\(specialist.id)", title: specialist.title, domain: specialist.domain.rawValue,
                    languages: specialist.languages, sections: specialist.sections.map(\.title))
            },
            findings: read.findings.map { finding in
                SpecialistFault(
                    severity: finding.severity == .error ? .error : .warning, file: finding.file, line: finding.line,
                    message: finding.message)
            })
    }
}
