import API
import CSV
import CallModel
import Encoding
import Endpoints
import Foundation
import Gateway

/// A campaign from a list of contacts, through the API of a running gateway.
enum CampaignCommand: Command {
    static let name = "campaign"
    static let summary =
        "makes a campaign of a list of contacts, starts and stops it, shows how it goes, and how it would go"
    static let verbs = ["create", "start", "pause", "resume", "stop", "watch", "report", "forecast", "simulate"]
    static let options =
        [
            Option("--name", "NAME", "create: the campaign's name"),
            Option(
                "--csv", "FILE",
                "create: contacts, with a column `phone`; `name`, `company`, `email`, `timezone` if there are"),
            Option(
                "--purpose", "PURPOSE", "create: marketing, informational, collections or survey; default marketing"),
            Option("--calls-max", "N", "create: calls at once; default 5. simulate: as many as there are agents"),
            Option("--id", "ID", "all others but simulate: which campaign"),
            Option("--gateway", "URL", "default: PARLEY_PUBLIC_URL, else that of PARLEY_LISTEN"),
            Option("--tenant", "UUID", "default: the tenant a new installation starts with"),
        ] + PaceReport.options

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        // Nobody is asked, and nobody called.
        if arguments.verb == "simulate" { return try PaceReport(arguments).write() }
        let api = try GatewayAPI(arguments)
        switch arguments.verb {
        case "create": return try await create(arguments, api)
        case "watch": return try await watch(try id(arguments), api)
        case "forecast":
            let id = try id(arguments)
            if let path = arguments.text("--plot") {
                let drawing = try await api.bytes("GET", "/campaigns/\(id)/forecast?plot=svg")
                try Data(drawing).write(to: URL(filePath: path))
            }
            ForecastTable(try await api.ask("GET", "/campaigns/\(id)/forecast")).print()
            return .done
        case "report": return try await report(try id(arguments), api)
        default:
            let row = try await api.ask("POST", "/campaigns/\(try id(arguments))/\(arguments.verb)", [:])
            print("\(row["name"]?.text ?? "The campaign") is \(row["status"]?.text ?? "?").")
            return .done
        }
    }

    private static func id(_ arguments: Arguments) throws -> String {
        guard let id = UUID(uuidString: try arguments.needed("--id")) else {
            throw Arguments.Mistake(text: "--id is not a UUID")
        }
        return id.uuidString.lowercased()
    }

    // MARK: Making one

    private static let enrolledAtOnce = 1_000

    private static func create(_ arguments: Arguments, _ api: GatewayAPI) async throws -> ExitCode {
        let list = try ContactList(path: try arguments.needed("--csv"))
        var fields: [String: JSONValue] = ["name": .text(try arguments.needed("--name"))]
        if let purpose = arguments.text("--purpose") { fields["purpose"] = .text(purpose) }
        if let text = arguments.text("--calls-max") {
            guard let count = Int(text) else { throw Arguments.Mistake(text: "--calls-max is a whole number") }
            fields["pace"] = ["calls_max": .integer(count)]
        }
        let campaign = try await api.ask("POST", "/campaigns", .object(fields))
        guard let id = campaign["id"]?.text else { throw GatewayAPI.Refused(text: "the campaign has no id") }
        var (contacts, wrong): ([JSONValue], Int) = ([], 0)
        for contact in list.contacts {
            do { contacts.append(.text(try await self.contact(contact.fields, api))) } catch let error
                as GatewayAPI.Refused
            {
                wrong += 1
                print("Line \(contact.line): \(error)")
            }
        }
        var enrolled = 0
        for start in stride(from: 0, to: contacts.count, by: enrolledAtOnce) {
            let some = contacts[start..<min(start + enrolledAtOnce, contacts.count)]
            let answer = try await api.ask("POST", "/campaigns/\(id)/enroll", ["contact_ids": .list(Array(some))])
            enrolled += answer["enrolled"]?.integer ?? 0
        }
        print("Campaign \(id): \(enrolled) of \(list.contacts.count) enrolled\(wrong > 0 ? ", \(wrong) refused" : "").")
        print("It dials once it is started: parley campaign start --id \(id)")
        return wrong == 0 ? .done : .failed
    }

    /// The contact with this number, new or known.
    private static func contact(_ fields: [String: JSONValue], _ api: GatewayAPI) async throws -> String {
        let phone = fields["phone"]?.text ?? ""
        let asked = phone.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let known = try await api.ask("GET", "/contacts?limit=1&phone=\(asked)")
        if let id = known["data"]?.list?.first?["id"]?.text { return id }
        let made = try await api.ask("POST", "/contacts", .object(fields))
        guard let id = made["id"]?.text else { throw GatewayAPI.Refused(text: "the contact has no id") }
        return id
    }

    // MARK: How it goes

    private static func line(_ summary: JSONValue) -> String {
        guard case .object(let counts)? = summary["by_status"] else { return "" }
        let parts = counts.sorted { $0.key < $1.key }.map {
            "\($0.value.integer ?? 0) \($0.key.replacing("_", with: " "))"
        }
        return "\(summary["status"]?.text ?? "?"): \(parts.joined(separator: ", "))"
    }

    /// Ends when the campaign does, or is paused.
    private static func watch(_ id: String, _ api: GatewayAPI) async throws -> ExitCode {
        var last = ""
        while true {
            let summary = try await api.ask("GET", "/campaigns/\(id)/summary")
            let line = line(summary)
            if line != last { print(line) }
            last = line
            guard ["scheduled", "active"].contains(summary["status"]?.text) else { return .done }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private static func report(_ id: String, _ api: GatewayAPI) async throws -> ExitCode {
        print(line(try await api.ask("GET", "/campaigns/\(id)/summary")))
        let told = try await api.ask("GET", "/campaigns/\(id)/performance")
        func count(_ name: String) -> Int { told[name]?.integer ?? 0 }
        print("\(count("dialled")) calls, \(count("answered")) answered, \(count("talk_seconds")) s of talk,")
        print(
            "\(count("qualified")) qualified, \(count("meetings")) meetings, \(count("opted_out")) asked to be left alone"
        )
        if let cost = told["cost"], cost != .null {
            print("Cost: \(cost.json) \(told["currency"]?.text ?? "")")
        }
        let abandonment = told["abandonment"]
        if let reached = abandonment?["reached"]?.integer, reached > 0 {
            let abandoned = abandonment?["abandoned"]?.integer ?? 0
            let share = String(format: "%.1f", Double(abandoned) / Double(reached) * 100)
            print("\(abandoned) of \(reached) whom it reached in 30 days heard nobody in time: \(share) %")
        }
        for (what, title) in [("outcomes", "Calls ended"), ("refusals", "Not called")] {
            guard case .object(let counts)? = told[what] else { continue }
            for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
                print("  \(title): \(name.replacing("_", with: " ")) \(count.integer ?? 0)")
            }
        }
        return .done
    }
}

/// Contacts of a file, by the names of its columns.
struct ContactList {
    struct Contact {
        var line: Int
        var fields: [String: JSONValue]
    }

    private static let columns = [
        "phone": "phone", "number": "phone", "name": "contact_name", "contact_name": "contact_name",
        "company": "business_name", "business_name": "business_name", "email": "contact_email",
        "contact_email": "contact_email", "timezone": "timezone",
    ]

    private(set) var contacts: [Contact] = []

    init(path: String) throws {
        let bytes: [UInt8]
        do { bytes = Array(try Data(contentsOf: URL(filePath: path))) } catch {
            throw Arguments.Mistake(text: "--csv: \(path) cannot be read")
        }
        let text = Array(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...])
        var reader = CSVReader(delimiter: CSVFormat(of: text, isWhole: true).delimiter, whole: text)
        guard try reader.next() else { throw Arguments.Mistake(text: "--csv: \(path) is empty") }
        let names = reader.record.fields.map { Self.columns[$0.lowercased().trimmingCharacters(in: .whitespaces)] }
        guard names.contains("phone") else {
            throw Arguments.Mistake(text: "--csv: \(path) has no column `phone` in its first line")
        }
        while try reader.next() {
            var fields: [String: JSONValue] = [:]
            for (name, cell) in zip(names, reader.record.fields) {
                let value = cell.trimmingCharacters(in: .whitespaces)
                if let name, !value.isEmpty { fields[name] = .text(value) }
            }
            contacts.append(Contact(line: reader.record.line, fields: fields))
        }
    }
}
