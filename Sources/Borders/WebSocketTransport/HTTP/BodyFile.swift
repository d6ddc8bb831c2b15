import Glibc
import Synchronization

/// A body on disk: one that is coming in, or one to be sent. A file without a name, gone with its last owner, or one that is
/// there already.
///
/// Reading and writing block: not for a loop's thread.
package final class BodyFile: Sendable {
    private let descriptor: Int32
    private let size: Atomic<Int>

    /// A new, empty one.
    ///
    /// - Parameter directory: on a disk with room for it.
    package init(temporaryIn directory: String) throws(TransportError) {
        var path = Array("\(directory)/parley-body-XXXXXX".utf8CString)
        descriptor = unsafe path.withUnsafeMutableBufferPointer { path in
            guard let start = path.baseAddress else { return -1 }
            let descriptor = unsafe mkstemp(start)
            guard descriptor >= 0 else { return -1 }
            unsafe unlink(start)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return descriptor
        }
        size = Atomic(0)
        guard descriptor >= 0 else {
            throw .fileFailed(path: directory, reason: TransportError.lastSystemError())
        }
    }

    /// One that is there: a regular file that this process may read.
    package init(path: String) throws(TransportError) {
        var status = stat()
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        let isKnown = unsafe fstat(descriptor, &status) == 0
        let isRegular = isKnown && status.st_mode & S_IFMT == S_IFREG
        size = Atomic(isRegular ? Int(clamping: status.st_size) : 0)
        guard isRegular else {
            let reason = descriptor >= 0 ? "it is no regular file" : TransportError.lastSystemError()
            throw .fileFailed(path: path, reason: reason)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// In bytes.
    package var count: Int { size.load(ordering: .acquiring) }

    /// Adds to its end; by one writer at a time. False when the disk does not take it.
    package func append(_ bytes: [UInt8]) -> Bool {
        var done = 0
        let start = count
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { bytes -> Int in
                guard let base = bytes.baseAddress else { return 0 }
                return unsafe pwrite(descriptor, base + done, bytes.count - done, off_t(start + done))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return false }
            done += written
        }
        size.store(start + done, ordering: .releasing)
        return true
    }

    /// At most `count` bytes from `offset` on; fewer only at the end, nil when the disk does not give them.
    package func read(at offset: Int, count: Int) -> [UInt8]? {
        guard offset >= 0, offset <= self.count, count > 0 else { return offset == self.count ? [] : nil }
        let wanted = min(count, self.count - offset)
        var done = 0
        var failed = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { room, filled in
            while done < wanted, let base = room.baseAddress {
                let got = unsafe pread(descriptor, base + done, wanted - done, off_t(offset + done))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    failed = got < 0
                    break
                }
                done += got
            }
            filled = done
        }
        return failed ? nil : bytes
    }
}

/// The part of a file that an answer consists of.
package struct FileSlice: Sendable {
    package var file: BodyFile
    package var offset: Int
    package var count: Int

    package init(_ file: BodyFile, offset: Int = 0, count: Int? = nil) {
        self.file = file
        self.offset = offset
        self.count = count ?? max(0, file.count - offset)
    }
}
