import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// What Linux says of this process, by the names Prometheus' own clients use.
enum ProcessMetrics {
    /// Whatever cannot be read is left out.
    static func exposition() -> String {
        var out = ""
        func add(_ name: String, _ kind: String, _ help: String, _ value: String) {
            out += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n\(name) \(value)\n"
        }
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            let spent = [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
            add("process_cpu_seconds_total", "counter", "User and system time spent.", "\(spent)")
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            add("process_max_fds", "gauge", "Largest number of open file descriptors.", "\(limit.rlim_cur)")
        }
        if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            // One of them is the directory itself.
            add("process_open_fds", "gauge", "Open file descriptors.", "\(max(0, open - 1))")
        }
        let fields = statFields
        if fields.count > 21 {
            add("process_resident_memory_bytes", "gauge", "Resident memory.", "\(fields[21] * Int(getpagesize()))")
            add("process_virtual_memory_bytes", "gauge", "Virtual memory.", "\(fields[20])")
            add("process_threads", "gauge", "Threads.", "\(fields[17])")
            if let bootedAt {
                let startedAt = Double(bootedAt) + Double(fields[19]) / Double(sysconf(Int32(_SC_CLK_TCK)))
                add("process_start_time_seconds", "gauge", "Start of the process since the epoch.", "\(startedAt)")
            }
        }
        return out
    }

    /// Of `/proc/self/stat`, from the state on, which is not a number: behind the name in brackets, which may hold anything.
    private static var statFields: [Int] {
        guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let bracket = text.lastIndex(of: ")")
        else { return [] }
        return text[text.index(after: bracket)...].split(separator: " ").map { Int($0) ?? 0 }
    }

    /// Seconds since the epoch.
    private static let bootedAt: Int? = {
        let text = (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Int($0.dropFirst(6)) }
    }()
}
