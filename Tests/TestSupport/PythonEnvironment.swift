import Foundation

/// Strangers' programs in Python that tests hold the product to, in the versions of `Tests/python/requirements.txt`.
/// scripts/python-environment.sh makes the environment they are in when the first test of any run asks.
package enum PythonEnvironment {
    private static let programs = Task<String, any Error>.detached {
        let said = try await OutsideProgram.runBeside(Checkout.path("scripts/python-environment.sh"), [])
        return said.split(separator: "\n").last.map(String.init) ?? ""
    }

    /// Runs one to its end, beside Swift's threads.
    ///
    /// - Parameters:
    ///   - program: of the environment, `python` among them.
    ///   - seconds: after which it is ended.
    /// - Returns: what it wrote, standard output and error together.
    /// - Throws: with that when it ends with anything but 0.
    @discardableResult
    package static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], within seconds: Int = 300
    ) async throws -> String {
        let folder = try await programs.value
        let words = ["--kill-after=5", "\(seconds * Sanitizer.slowness)", "\(folder)/\(program)"] + arguments
        let given = environment.merging(["PYTHONDONTWRITEBYTECODE": "1", "PATH": "\(folder):/usr/bin:/bin"]) {
            given, _ in given
        }
        return try await OutsideProgram.runBeside("timeout", words, environment: given)
    }
}
