import Consult
import Foundation

/// Where the specialists' files are: as set, or a folder `specialists` above, beside the executable, or installed.
package enum SpecialistsFolder {
    /// A folder that exists; `given` itself when none does.
    package static func find(_ given: String) -> String {
        let manager = FileManager.default
        guard !manager.fileExists(atPath: given), given == "./specialists" else { return given }
        var starts = [URL(fileURLWithPath: manager.currentDirectoryPath)]
        if let executable = Bundle.main.executableURL?.resolvingSymlinksInPath() {
            starts.append(executable.deletingLastPathComponent())
        }
        for start in starts {
            var folder = start
            for _ in 0..<6 {
                for candidate in ["specialists", "share/parley/specialists"] {
                    let path = folder.appendingPathComponent(candidate).path
                    if manager.fileExists(atPath: path) { return path }
                }
                folder.deleteLastPathComponent()
            }
        }
        return given
    }

    /// Reads every file of a folder.
    ///
    /// - Returns: whether all can be used, and the lines to print.
    package static func check(_ folder: String) -> (ok: Bool, lines: [String]) { SpecialistCheck.run(folder: folder) }
}
