import Foundation
import Glibc

/// What the operating system says about one process: CPU, memory, descriptors, threads. Linux only.
struct ProcessProbe: Sendable {
    struct Reading: Sendable {
        /// User and system time since the process began.
        var cpuSeconds = 0.0
        /// The same of its media loops alone.
        var mediaSeconds = 0.0
        var residentKB = 0
        var descriptors = 0
        var threads = 0
    }

    let pid: Int32

    func read() -> Reading {
        var reading = Reading()
        reading.cpuSeconds = Self.cpuSeconds("/proc/\(pid)/stat")
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        reading.threads = tasks.count
        for task in tasks {
            let folder = "/proc/\(pid)/task/\(task)"
            let name = Self.text(folder + "/comm")
            if name.hasPrefix("media-") { reading.mediaSeconds += Self.cpuSeconds(folder + "/stat") }
        }
        for line in Self.text("/proc/\(pid)/status").split(separator: "\n") where line.hasPrefix("VmRSS:") {
            reading.residentKB = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }
        reading.descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd"))?.count ?? 0
        return reading
    }

    private static func cpuSeconds(_ path: String) -> Double {
        // Behind the name in brackets, which may hold anything: state is field 3, utime 14, stime 15.
        let text = text(path)
        guard let bracket = text.lastIndex(of: ")") else { return 0 }
        let fields = text[text.index(after: bracket)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// The machine a result was measured on.
package struct MachineDescription: Codable, Sendable {
    package var processor: String
    package var cores: Int
    package var memoryMB: Int
    package var kernel: String
    package var system: String
    /// One-minute load average when the run began: what else the machine was doing.
    package var loadBefore: Double

    package static func current() -> MachineDescription {
        func text(_ path: String) -> String {
            FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        func value(_ path: String, _ key: String, _ separator: Character) -> String {
            let line = text(path).split(separator: "\n").first { $0.hasPrefix(key) } ?? ""
            let value = line.split(separator: separator, maxSplits: 1).dropFirst().first ?? ""
            return value.trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
        }
        return MachineDescription(
            processor: value("/proc/cpuinfo", "model name", ":"),
            cores: ProcessInfo.processInfo.activeProcessorCount,
            memoryMB: Int(ProcessInfo.processInfo.physicalMemory >> 20),
            kernel: text("/proc/sys/kernel/osrelease").trimmingCharacters(in: .whitespacesAndNewlines),
            system: value("/etc/os-release", "PRETTY_NAME", "="),
            loadBefore: Double(text("/proc/loadavg").split(separator: " ").first ?? "0") ?? 0)
    }
}
