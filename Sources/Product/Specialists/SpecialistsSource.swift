package import Consult
import Foundation

/// Where specialists come from: the folder as set, or what the program has in it.
package enum SpecialistsSource {
    /// Of `PARLEY_SPECIALISTS_DIR`.
    package static let directoryDefault = "./specialists"

    /// - Parameter setting: of `PARLEY_SPECIALISTS_DIR`; the folder of the default need not be there.
    package static func read(
        _ setting: String
    ) -> (roster: SpecialistRoster, findings: [SpecialistFinding]) {
        guard setting != directoryDefault || FileManager.default.fileExists(atPath: setting)
        else { return SpecialistRoster.builtIn() }
        return SpecialistRoster.read(folder: setting)
    }
}
