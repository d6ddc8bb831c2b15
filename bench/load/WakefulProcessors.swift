import Foundation

/// Keeps every processor busy with a loop of idle priority, which gives way to whatever else wants to run. A virtual
/// processor that sleeps is woken when its host gets round to it, often milliseconds later: that is measured otherwise, and
/// it is neither the gateway's delay nor the relay's.
final class WakefulProcessors {
    /// Counts without starting programs, and ends by itself when the process `$1` is gone.
    private static let script =
        "while kill -0 \"$1\" 2>/dev/null; do i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; done"
    private let loops: [Process]

    init() throws {
        loops = try (0..<ProcessInfo.processInfo.activeProcessorCount).map { _ in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/chrt")
            process.arguments = ["--idle", "0", "/bin/sh", "-c", Self.script, "sh", "\(getpid())"]
            process.standardInput = FileHandle.nullDevice
            try process.run()
            return process
        }
    }

    func stop() {
        for process in loops where process.isRunning { process.terminate() }
    }
}
