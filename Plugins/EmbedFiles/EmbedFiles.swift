import Foundation
import PackagePlugin

/// Puts the files of the folders that a target's `embedded.txt` names, one a line and relative to the package, into the
/// target as `EmbeddedFiles`: the executable alone is all there is to copy.
@main struct EmbedFiles: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let package = context.package.directoryURL
        let list = target.directoryURL.appending(path: "embedded.txt")
        let named = try String(contentsOf: list, encoding: .utf8).split(separator: "\n").map(String.init)
        let names = try named.flatMap { try Self.files($0, in: package) }
        let script = package.appending(path: "scripts/embed-files.sh")
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
        return [
            .buildCommand(
                displayName: "Embedding \(names.count) files into \(target.name)",
                executable: URL(filePath: "/bin/bash"),
                arguments: [script.path, output.path, package.path] + names,
                inputFiles: [script, list] + names.map { package.appending(path: $0) }, outputFiles: [output])
        ]
    }

    /// The file itself, or all files of the folder, in order.
    private static func files(_ path: String, in package: URL) throws -> [String] {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: package.appending(path: path).path, isDirectory: &isFolder) else {
            throw Missing(path: path)
        }
        guard isFolder.boolValue else { return [path] }
        return try manager.contentsOfDirectory(atPath: package.appending(path: path).path).sorted()
            .filter { !$0.hasPrefix(".") }.flatMap { try files("\(path)/\($0)", in: package) }
    }

    private struct Missing: Error, CustomStringConvertible {
        var path: String
        var description: String { "embedded.txt names \(path), which is not there" }
    }
}
