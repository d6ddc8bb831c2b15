package import Foundation

/// The project's files, in the checkout the tests were built in.
package enum Checkout {
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Where the build put the test bundle, and the executables beside it.
    package static let products: URL =
        Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?.deletingLastPathComponent()
        ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

    /// `path` is relative to the root.
    package static func url(_ path: String) -> URL { root.appending(path: path) }
    package static func path(_ path: String) -> String { url(path).path }
    package static func text(_ path: String) throws -> String { try String(contentsOf: url(path), encoding: .utf8) }

    /// All files of a folder and those in it, by their path.
    package static func texts(under folder: String, ending: String) throws -> [String] {
        let paths = FileManager.default.enumerator(atPath: path(folder))?.allObjects as? [String] ?? []
        return try paths.filter { $0.hasSuffix(ending) }.sorted().map { try text("\(folder)/\($0)") }
    }
}
