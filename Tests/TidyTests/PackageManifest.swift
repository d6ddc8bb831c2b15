import TestSupport

/// What Package.swift says of the modules under `Sources`: the only list of who may see whom.
struct PackageManifest: Sendable {
    struct Module: Equatable, Sendable {
        var wing: String
        var dependencies: Set<String>
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
            modules[String(match.1)] = Module(wing: String(match.3), dependencies: Self.quoted(match.2))
        }
        self.modules = modules
    }

    private static func quoted(_ list: Substring) -> Set<String> {
        Set(list.matches(of: #/"(\w+)"/#).map { String($0.1) })
    }

    /// Whether `wing` may see `other`. What is outside reaches the product over sockets only; the program starts it.
    func sees(_ wing: String, _ other: String) -> Bool {
        guard let place = wings.firstIndex(of: wing), let seen = wings.firstIndex(of: other) else { return false }
        if wing == "Outside", ["Live", "Product", "Program"].contains(other) { return false }
        if wing == "Program", other == "Outside" { return true }
        return seen <= place
    }
}
