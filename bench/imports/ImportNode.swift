import API
import Database
import Foundation
import Jobs
import Synchronization

/// A node that does nothing but imports, until it is killed: by whoever started it, or by its own hand at a given step.
enum ImportNode {
    /// - Parameter arguments: URL of the application role; the folder of files; the step at which it dies, from 1, or 0;
    ///   milliseconds of a lease; rows of a chunk, where it is not the standard, and then each run has one chunk.
    static func run(_ arguments: [String]) async throws {
        guard arguments.count >= 4, let dieAt = Int(arguments[2]), let leaseMs = Int(arguments[3]) else {
            throw Failure(description: "not for use by hand: \(arguments)")
        }
        let steps = Steps(dieAt: dieAt)
        var settings = JobWorker.Settings()
        settings.leaseMs = leaseMs
        settings.pollMs = 20
        let (database, files) = (Database(url: arguments[0], connectionsMax: 4), ImportFiles(directory: arguments[1]))
        let rowsMax = arguments.count > 4 ? Int(arguments[4]) : nil
        let imports =
            rowsMax.map { rows in
                ImportWorker(
                    database: database, files: files, rowsMax: rows, slice: .zero, observe: { _ in steps.count() })
            } ?? ImportWorker(database: database, files: files)
        let worker = JobWorker(
            database: database, handlers: [imports.handler], settings: settings, observe: { _ in steps.count() })
        await worker.start()
        let parent = getppid()
        while getppid() == parent { try await Task.sleep(for: .milliseconds(200)) }
    }

    /// This program as such a node.
    static func start(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0])
        process.arguments = ["node"] + arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// The most memory that a process has had so far, in kilobytes; 0 when it is gone.
    static func peakKB(of process: pid_t) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
    }
}

/// Counts a node's steps.
private final class Steps: Sendable {
    private let dieAt: Int
    private let done = Mutex(0)

    init(dieAt: Int) { self.dieAt = dieAt }

    func count() {
        let step = done.withLock { done in
            done += 1
            return done
        }
        if step == dieAt { kill(getpid(), SIGKILL) }
    }
}
