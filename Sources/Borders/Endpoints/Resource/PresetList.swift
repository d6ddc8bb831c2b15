package import Database
import WebSocketTransport

/// A list of a ``Resource``'s rows at another address, narrowed before anybody asks: `/leads/by-stage/{stage}`.
package struct PresetList: Sendable {
    /// A parameter of this address, in its path or its query, that stands for a filter of the list.
    package struct Stand: Sendable {
        let name: String
        let filter: String
        let standard: JSONValue?

        /// - Parameter standard: nil: it has to be given.
        package init(_ name: String, for filter: String, standard: JSONValue? = nil) {
            self.name = name
            self.filter = filter
            self.standard = standard
        }
    }

    /// Whether there is anything to list at all: throws 404 where the row is not there, or not to be seen, that the address
    /// speaks of.
    package typealias Gate = @Sendable (borrowing Transaction, APIPrincipal, JSONValue) throws -> Void

    let template: String
    let id: String
    let summary: String
    let stands: [Stand]
    /// SQL over the table as `t`; a literal of ours.
    let rule: String?
    /// `q` has to be given.
    let isSearch: Bool
    /// How it is sorted without a word of it; nil: as the resource is.
    let sort: String?
    let gate: Gate?

    /// - Parameter template: the whole address; its values are stands.
    package init(
        _ template: String, id: String, _ summary: String, _ stands: [Stand] = [], only rule: String? = nil,
        isSearch: Bool = false, sortedBy sort: String? = nil, behind gate: Gate? = nil
    ) {
        self.template = template
        self.id = id
        self.summary = summary
        self.stands = stands
        self.rule = rule
        self.isSearch = isSearch
        self.sort = sort
        self.gate = gate
    }

    /// The resource's own.
    static func whole(of resource: Resource) -> PresetList {
        PresetList(resource.path, id: "list\(resource.names)", "Lists \(resource.plural).")
    }

    /// What is asked of the list where `input` asks this address.
    func input(of input: JSONValue) -> JSONValue {
        guard case .object(var fields) = input else { return input }
        for stand in stands { fields[stand.filter] = fields.removeValue(forKey: stand.name) }
        return .object(fields)
    }
}

extension Resource {
    /// Path and query of one of its lists.
    func shape(of list: PresetList) -> InputShape {
        let path = PathTemplate(list.template).names
        func field(_ stand: PresetList.Stand) -> Schema.Field {
            guard var field = query.first(where: { $0.name == stand.filter }) else {
                preconditionFailure("\(list.template) has no filter \(stand.filter)")
            }
            field.name = stand.name
            field.standard = stand.standard
            field.isRequired = stand.standard == nil
            return field
        }
        let stands = list.stands.map(field)
        let rest = query.filter { field in !list.stands.contains { $0.filter == field.name } }.map { field in
            var field = field
            if field.name == "q" { field.isRequired = list.isSearch }
            if field.name == "sort", let sort = list.sort { field.standard = .text(sort) }
            return field
        }
        return InputShape(
            path: path.compactMap { name in stands.first { $0.name == name } },
            query: stands.filter { !path.contains($0.name) } + rest)
    }

    var list: Endpoint { list(.whole(of: self)) }

    func list(_ list: PresetList) -> Endpoint {
        let page = Schema.Record(
            name: "\(name)Page",
            [
                Schema.Field("data", .list(row), isRequired: true),
                Schema.Field("next_cursor", .nullable(.text()), isRequired: true),
            ])
        var endpoint = Endpoint(
            .get, list.template, id: list.id, role(.list), list.summary, shape: shape(of: list),
            answers: [Endpoint.Answer(200, "A page of \(plural).", .record(page))], isTagged: true,
            .answer { [self] context, input in
                let principal = try context.principal
                let ask = try PageAsk(self, list, input, principal)
                return .json(
                    try await context.read { transaction in
                        try list.gate?(transaction, principal, input)
                        return try ask.page(in: transaction)
                    })
            })
        endpoint.lists = self
        return endpoint
    }

    /// Of many: `AuditEntries`, `APIKeys`, `ScoringCriteria`.
    var names: String {
        if name.hasSuffix("ia") { return name }
        return name.hasSuffix("y") && !name.hasSuffix("ey") ? name.dropLast() + "ies" : name + "s"
    }
}
