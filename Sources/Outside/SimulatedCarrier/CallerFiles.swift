import Foundation

/// Callers' scripts and recordings, as `audio-fixtures` has them.
package enum CallerFiles: Sendable {
    /// What the program has in it: `callers`, and the voices that they speak with.
    case builtIn
    case folder(String)

    /// - Parameter folder: nil for what is built in.
    package init(_ folder: String?) { self = folder.map(Self.folder) ?? .builtIn }

    /// The names of all scripts, sorted.
    package var scripts: [String] {
        let files =
            switch self {
            case .builtIn: Array(EmbeddedFiles.texts.keys.filter { $0.hasPrefix("callers/") })
            case .folder(let folder):
                (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/callers")) ?? []
            }
        return files.filter { $0.hasSuffix(".json") }.map { $0.split(separator: "/").last?.dropLast(5) ?? "" }
            .map(String.init).sorted()
    }

    /// - Parameter path: `callers/qualified.json`, `recordings.tsv`, `rms/need.ulaw`.
    func read(_ path: String, bytesMax: Int) throws(CallerScriptError) -> [UInt8] {
        switch self {
        case .folder(let folder): return try Self.read("\(folder)/\(path)", bytesMax: bytesMax)
        case .builtIn:
            if let text = EmbeddedFiles.texts[path] ?? EmbeddedFiles.texts["audio-fixtures/\(path)"] {
                return Array(text.utf8)
            }
            guard let bytes = EmbeddedFiles.base64[path].flatMap({ Data(base64Encoded: $0) }) else {
                throw .unreadable(
                    path: path,
                    reason: "the program has no such file in it; there are "
                        + scripts.joined(separator: ", "))
            }
            return Array(bytes)
        }
    }

    static func read(_ path: String, bytesMax: Int) throws(CallerScriptError) -> [UInt8] {
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw .unreadable(path: path, reason: "it does not exist or may not be read")
        }
        guard data.count <= bytesMax else {
            throw .unreadable(path: path, reason: "\(data.count) bytes, at most \(bytesMax)")
        }
        return Array(data)
    }
}
