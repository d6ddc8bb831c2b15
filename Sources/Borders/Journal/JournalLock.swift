import FoundationEssentials
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Keeps the journals to one process: who holds the lock writes them, and nobody else takes its live calls for calls that
/// somebody left behind. The lock goes with the process, however that ends.
package final class JournalLock: Sendable {
    private static let name = "/.lock"

    private let file: Mutex<Int32>

    /// Locks a directory of journals, made when missing.
    ///
    /// Throws ``JournalError/inUse(directory:pid:)`` while another process, or another gateway in this one, has it.
    package init(directory: String) throws(JournalError) {
        try JournalFile.makeDirectory(directory)
        let path = directory + JournalLock.name
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else { throw JournalFile.failure("opening", path) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            defer { close(opened) }
            guard code == EWOULDBLOCK else { throw JournalFile.failure("locking", path, code) }
            throw .inUse(directory: directory, pid: JournalLock.pid(in: opened))
        }
        file = Mutex(opened)
        JournalLock.note(in: opened)
    }

    /// Lets the next one in. Repeating it changes nothing.
    package func release() {
        file.withLock { file in
            if file >= 0 { close(file) }
            file = -1
        }
    }

    deinit { release() }

    /// For whoever is refused; without it, on a full disk, they are refused all the same.
    private static func note(in file: Int32) {
        guard ftruncate(file, 0) == 0 else { return }
        let pid = Array("\(getpid())\n".utf8)
        _ = pid.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
    }

    private static func pid(in file: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let got = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
        return Int32(String(decoding: bytes.prefix(max(0, got)).prefix { $0 != 0x0A }, as: UTF8.self))
    }
}
