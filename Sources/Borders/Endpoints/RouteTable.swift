/// Which endpoint an address and a method mean. What is fixed goes before what takes a value.
struct RouteTable: Sendable {
    enum Match: Sendable {
        case found(Endpoint, [String])
        /// The address is one of ours with these methods.
        case wrongMethod(allowed: String)
        case nothing
    }

    private final class Node: Sendable {
        let fixed: [String: Node]
        let value: Node?
        let rest: [Endpoint]
        let here: [Endpoint]

        init(_ endpoints: [Endpoint], depth: Int) {
            var fixed: [String: [Endpoint]] = [:]
            var (values, rest, here): ([Endpoint], [Endpoint], [Endpoint]) = ([], [], [])
            for endpoint in endpoints {
                guard depth < endpoint.template.segments.count else {
                    here.append(endpoint)
                    continue
                }
                switch endpoint.template.segments[depth] {
                case .fixed(let text): fixed[text, default: []].append(endpoint)
                case .value: values.append(endpoint)
                case .rest: rest.append(endpoint)
                }
            }
            self.fixed = fixed.mapValues { Node($0, depth: depth + 1) }
            value = values.isEmpty ? nil : Node(values, depth: depth + 1)
            self.rest = rest
            self.here = here
        }

        func find(_ segments: ArraySlice<String>, _ values: [String]) -> ([Endpoint], [String])? {
            guard let segment = segments.first else { return here.isEmpty ? nil : (here, values) }
            let after = segments.dropFirst()
            if let found = fixed[segment]?.find(after, values) ?? value?.find(after, values + [segment]) {
                return found
            }
            return rest.isEmpty ? nil : (rest, values + [segments.joined(separator: "/")])
        }
    }

    private let root: Node

    init(_ endpoints: [Endpoint]) {
        var seen: Set<String> = []
        for endpoint in endpoints {
            precondition(seen.insert(endpoint.route).inserted, "\(endpoint.route) is there twice")
            precondition(seen.insert(endpoint.id).inserted, "the id \(endpoint.id) is there twice")
        }
        root = Node(endpoints, depth: 0)
    }

    /// - Parameters:
    ///   - method: a HEAD is asked for like a GET.
    ///   - target: as it came, with its query.
    func match(_ method: String, _ target: String) -> Match {
        guard let segments = PathTemplate.segments(of: target), let (endpoints, values) = root.find(segments[...], [])
        else { return .nothing }
        let wanted = method == "HEAD" ? "GET" : method
        if let endpoint = endpoints.first(where: { $0.method.rawValue == wanted }) { return .found(endpoint, values) }
        let methods = Endpoint.Method.allCases.filter { method in endpoints.contains { $0.method == method } }
        let names = methods.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] } + ["OPTIONS"]
        return .wrongMethod(allowed: names.joined(separator: ", "))
    }
}
