import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A program of the machine's that a test runs beside the product, in a folder of its own, as a user who is not root.
/// It is ended and its folder removed when the test lets go of it.
package final class OutsideProgram: Sendable {
    package struct Failed: Error, CustomStringConvertible { package let description: String }

    package let folder: String
    private let process: Process

    /// - Parameters:
    ///   - program: its name, looked for in `/usr/sbin` and `/usr/bin`.
    ///   - arguments: each `{folder}` in them is the folder.
    ///   - files: written into the folder first, with the same replacement.
    ///   - port: of loopback; the start is over when something listens there.
    package static func start(
        _ program: String, _ arguments: [String], files: [String: String], listeningOn port: Int
    ) async throws -> OutsideProgram {
        let started = try OutsideProgram(program, arguments, files: files)
        for _ in 0..<400 {
            if isListening(port) { return started }
            guard started.process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw Failed(description: "\(program) does not listen on \(port): \(started.output)")
    }

    private init(_ program: String, _ arguments: [String], files: [String: String]) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-outside-\(UUID().uuidString)").path
        self.folder = folder
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        func filled(_ text: String) -> String { text.replacing("{folder}", with: folder) }
        for (name, text) in files {
            try filled(text).write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }
        var words = [try Self.path(program)] + arguments.map(filled)
        if geteuid() == 0 {
            let user = try Self.path("setpriv")
            words = [user, "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=KILL", "--"] + words
            guard let account = getpwnam("postgres"),
                chown(folder, account.pointee.pw_uid, account.pointee.pw_gid) == 0
            else { throw Failed(description: "there is no user postgres to run \(program) as") }
        }
        let process = Process()
        self.process = process
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = URL(filePath: folder)
        guard FileManager.default.createFile(atPath: folder + "/output", contents: nil),
            let output = FileHandle(forWritingAtPath: folder + "/output")
        else { throw Failed(description: "cannot write into \(folder)") }
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        // What a test process starts has inherited the signals it blocks: asked kindly it would never hear of it.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What it has said so far.
    package var output: String { (try? String(contentsOfFile: folder + "/output", encoding: .utf8)) ?? "" }

    /// Runs a program to its end.
    ///
    /// - Parameter program: its name, looked for where the machine's programs are, or its path.
    /// - Returns: what it wrote, standard output and error together.
    /// - Throws: ``Failed`` with that when it ends with anything but 0.
    @discardableResult
    package static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: try path(program))
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let pipe = try PrivatePipe()
        process.standardOutput = pipe.writing
        process.standardError = pipe.writing
        try process.run()
        try pipe.writing.close()
        let text = String(decoding: pipe.reading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(description: "\(program) \(arguments.joined(separator: " ")): \(text)")
        }
        return text
    }

    /// The same beside Swift's threads: a gateway in this process goes on meanwhile.
    package static func runBeside(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> String {
        try await withCheckedThrowingContinuation { done in
            Thread.detachNewThread {
                done.resume(with: Result { try run(program, arguments, environment: environment) })
            }
        }
    }

    private static func path(_ program: String) throws -> String {
        if program.hasPrefix("/") { return program }
        let candidates = ["/usr/sbin", "/usr/bin", "/bin", "/sbin"].map { "\($0)/\(program)" }
        guard let found = candidates.first(where: FileManager.default.isExecutableFile) else {
            throw Failed(description: "\(program) is not installed; scripts/install-packages.sh --tests installs it")
        }
        return found
    }

    /// Whether somebody takes connections on a port of loopback.
    package static func isListening(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
