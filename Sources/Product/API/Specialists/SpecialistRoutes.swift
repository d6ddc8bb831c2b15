import Endpoints
import WebSocketTransport

/// Who is asked during calls, as the files say.
package struct SpecialistsReport: Codable, Sendable {
    package struct SpecialistView: Codable, Sendable {
        package var id: String
        package var title: String
        package var domain: String
        package var languages: [String]
        package var sections: [String]

        package init(id: String, title: String, domain: String, languages: [String], sections: [String]) {
            self.id = id
            self.title = title
            self.domain = domain
            self.languages = languages
            self.sections = sections
        }
    }

    package struct SpecialistFault: Codable, Sendable {
        package enum Severity: String, Codable, CaseIterable, Sendable { case error, warning }
        package var severity: Severity
        package var file: String
        package var line: Int?
        package var message: String

        package init(severity: Severity, file: String, line: Int?, message: String) {
            self.severity = severity
            self.file = file
            self.line = line
            self.message = message
        }
    }

    package var data: [SpecialistView]
    package var findings: [SpecialistFault]

    package init(data: [SpecialistView] = [], findings: [SpecialistFault] = []) {
        self.data = data
        self.findings = findings
    }
}

enum SpecialistRoutes {
    struct SpecialistList: Codable, Sendable {
        var data: [SpecialistsReport.SpecialistView]
    }

    static func routes(_ read: @escaping @Sendable () -> SpecialistsReport) -> [Endpoint] {
        [
            .get(
                "/api/v1/specialists", id: "listSpecialists", .role(.manager), "Who is asked during calls.",
                NoInput.self, SpecialistList.self
            ) { _, _ in try .value(SpecialistList(data: read().data)) },
            .act(
                .post, "/api/v1/specialists/check", id: "checkSpecialists", .role(.admin),
                "Reads the specialists' files as they are now, and says what is wrong with them.", NoInput.self,
                SpecialistsReport.self
            ) { _, _ in try .value(read()) },
        ]
    }
}
