import Foundation

/// Where the callers' recordings are: `audio-fixtures` here or above, beside the executable, or installed.
enum FixturesFolder {
    struct Missing: Error, CustomStringConvertible {
        var description: String {
            "the folder audio-fixtures is not found; run parley inside its source tree, or give --fixtures FOLDER"
        }
    }

    static func find(_ given: String? = nil) throws -> String {
        if let given { return given }
        let manager = FileManager.default
        var starts = [URL(fileURLWithPath: manager.currentDirectoryPath)]
        if let executable = Bundle.main.executableURL?.resolvingSymlinksInPath() {
            starts.append(executable.deletingLastPathComponent())
        }
        for start in starts {
            var folder = start
            for _ in 0..<6 {
                for candidate in ["audio-fixtures", "share/parley/audio-fixtures"] {
                    let path = folder.appendingPathComponent(candidate).path
                    if manager.fileExists(atPath: path + "/callers") { return path }
                }
                folder.deleteLastPathComponent()
            }
        }
        throw Missing()
    }
}
