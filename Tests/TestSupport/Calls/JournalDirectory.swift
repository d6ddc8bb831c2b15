import FoundationEssentials
package import Journal

#if canImport(Glibc)
    import Glibc
#endif

/// A directory of its own for one test, removed with it.
package final class JournalDirectory: Sendable {
    package let path: String

    package init() {
        path = FileManager.default.temporaryDirectory.appending(path: "parley-journal-\(UUID().uuidString)").path
        mkdir(path, 0o700)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package func store() throws -> JournalStore { try JournalStore(directory: path) }

    package func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

    package func mode(_ name: String) -> UInt32 {
        var status = stat()
        guard lstat(path + name, &status) == 0 else { return 0 }
        return status.st_mode & 0o777
    }
}
