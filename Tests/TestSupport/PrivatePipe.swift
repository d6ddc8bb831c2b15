package import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A pipe whose ends no other child of the test process inherits: who waits for its end would wait for that child's.
package struct PrivatePipe: Sendable {
    package let reading: FileHandle
    package let writing: FileHandle

    package init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
            throw OutsideProgram.Failed(description: "no pipe: \(String(cString: strerror(errno)))")
        }
        reading = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        writing = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    }
}
