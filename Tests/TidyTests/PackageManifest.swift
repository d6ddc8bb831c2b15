import TestSupport

/// What Package.swift says of the modules under `Sources`: the only list of who may see whom.
struct PackageManifest: Sendable {
    struct Module: Equatable, Sendable {
        var wing: String
        var dependencies: Set<String>
        /// A program starts what stands beside it.
        var isExecutable = false
    }

    static let shared = PackageManifest((try? Checkout.text("Package.swift")) ?? "")

    let modules: [String: Module]
    /// In their order: a wing sees those before it, and itself.
    let wings: [String]

    init(_ text: String) {
        wings = text.matches(of: #/case \w+ = "(\w+)"/#).map { String($0.1) }
        let names = Dictionary(
            text.matches(of: #/case (\w+) = "(\w+)"/#).map { (String($0.1), String($0.2)) }, uniquingKeysWith: { $1 })
        var modules: [String: Module] = [:]
        let declaration = #/module\(\s*"(\w+)",\s*in: \.(\w+)(?:,\s*\[([^\]]*)\])?/#
        for match in text.matches(of: declaration) {
            modules[String(match.1)] = Module(
                wing: names[String(match.2)] ?? "", dependencies: Self.quoted(match.3 ?? ""))
        }
        // The executable is declared in full.
        let executable = #/\.executableTarget\(\s*name: "(\w+)",\s*dependencies: \[([^\]]*)\],\s*path: "Sources\/(\w+)/#
        for match in text.matches(of: executable) {
            modules[String(match.1)] = Module(
                wing: String(match.3), dependencies: Self.quoted(match.2), isExecutable: true)
        }
        self.modules = modules
    }

    private static func quoted(_ list: Substring) -> Set<String> {
        Set(list.matches(of: #/"(\w+)"/#).map { String($0.1) })
    }

    /// Whether `module` may see `other`. What is outside reaches the product over sockets only, and only the executable starts
    /// it.
    func sees(_ module: Module, _ other: Module) -> Bool {
        guard let place = wings.firstIndex(of: module.wing), let seen = wings.firstIndex(of: other.wing) else {
            return false
        }
        if module.wing == "Outside", ["Live", "Product", "Program"].contains(other.wing) { return false }
        if module.isExecutable, other.wing == "Outside" { return true }
        return seen <= place
    }
}
