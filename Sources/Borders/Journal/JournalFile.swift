import CallModel
import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// The few file operations a journal needs, each failing with a ``JournalError`` that names operation and path.
enum JournalFile {
    static func failure(_ operation: String, _ path: String, _ code: Int32 = errno) -> JournalError {
        .disk(operation: operation, path: path, code: code, reason: String(cString: strerror(code)))
    }

    /// Makes `path` and its parents, readable by this user only.
    static func makeDirectory(_ path: String) throws(JournalError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
            guard mkdir(made, 0o700) == 0 || errno == EEXIST || errno == EISDIR else { throw failure("creation", made) }
        }
        guard chmod(path, 0o700) == 0 else { throw failure("protection", path) }
    }

    /// Opens for appending, created with mode 0600; a symbolic link is refused.
    static func openForAppend(_ path: String) throws(JournalError) -> Int32 {
        let file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure("opening", path) }
        return file
    }

    struct Contents {
        var bytes: [UInt8] = []
        /// How much was left out between two lines, of a file that is too long.
        var skippedBytes = 0
    }

    /// A regular file; nil when there is none.
    static func read(
        _ path: String, call: CallID, bytesMax: Int = JournalLine.fileBytesMax
    ) throws(JournalError) -> Contents? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            if errno == ELOOP { throw .corrupt(call, byte: 0, reason: "a symbolic link") }
            throw failure("opening", path)
        }
        defer { close(file) }
        return try contents(of: file, path: path, call: call, bytesMax: bytesMax)
    }

    /// The whole file, or the lines of its first and of its last `bytesMax / 2`.
    static func contents(
        of file: Int32, path: String, call: CallID, bytesMax: Int = JournalLine.fileBytesMax
    ) throws(JournalError) -> Contents {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("inspection", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .corrupt(call, byte: 0, reason: "not a regular file") }
        let size = Int(status.st_size)
        guard size > bytesMax else {
            return Contents(bytes: try part(of: file, 0..<size, path: path))
        }
        let half = bytesMax / 2
        var bytes = try part(of: file, 0..<half, path: path)
        bytes.removeLast(bytes.count - (bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0))
        let end = try part(of: file, (size - half)..<size, path: path)
        bytes += end[(end.firstIndex(of: 0x0A).map { $0 + 1 } ?? end.count)...]
        return Contents(bytes: bytes, skippedBytes: size - bytes.count)
    }

    private static func part(of file: Int32, _ range: Range<Int>, path: String) throws(JournalError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var filled = 0
        while filled < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                pread(file, $0.baseAddress.map { $0 + filled }, $0.count - filled, off_t(range.lowerBound + filled))
            }
            if got == 0 { break }
            if got > 0 { filled += got } else if errno != EINTR { throw failure("reading", path) }
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    static func size(of file: Int32, path: String) throws(JournalError) -> Int {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("inspection", path) }
        return Int(status.st_size)
    }

    /// Makes a file of `bytes`, readable by this user only; one that is there stays as it is.
    static func make(_ path: String, of bytes: [UInt8]) throws(JournalError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            if errno == EEXIST { return }
            throw failure("creation", path)
        }
        defer { close(file) }
        var offset = 0
        try write(file, bytes, from: &offset, path: path)
    }

    /// Writes from `bytes[offset...]` and moves `offset` on as far as the disk took it.
    static func write(_ file: Int32, _ bytes: [UInt8], from offset: inout Int, path: String) throws(JournalError) {
        while offset < bytes.count {
            let start = offset
            let put = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress.map { $0 + start }, $0.count - start)
            }
            if put > 0 { offset += put } else if errno != EINTR { throw failure("writing", path) }
        }
    }

    static func sync(_ file: Int32, path: String) throws(JournalError) {
        guard fsync(file) == 0 else { throw failure("fsync", path) }
    }

    static func syncDirectory(_ path: String) throws(JournalError) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failure("opening", path) }
        defer { close(directory) }
        try sync(directory, path: path)
    }

    static func move(_ from: String, to: String) throws(JournalError) {
        guard rename(from, to) == 0 else { throw failure("renaming", from) }
    }

    /// Names in a directory, hidden ones left out.
    static func names(in path: String) throws(JournalError) -> [String] {
        var names: [String] = []
        try visit(path) { names.append($0) }
        return names
    }

    /// Shows the names in a directory one after the other, hidden ones left out; none is kept.
    static func visit(_ path: String, _ look: (String) -> Void) throws(JournalError) {
        guard let stream = opendir(path) else { throw failure("listing", path) }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { look(name) }
        }
    }

    static func modifiedAt(_ path: String) -> Date? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return Date(
            timeIntervalSince1970: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1_000_000_000)
    }
}
