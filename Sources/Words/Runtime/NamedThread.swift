import class Foundation.Thread

#if canImport(Glibc)
    import Glibc
#endif

/// A thread of our own, under the name that `ps -L` and `/proc/…/comm` show. A thread without one is called like the thread
/// that started it, and its processor time is taken for that one's. Threads of libdispatch, which Swift's tasks run on as well,
/// name themselves.
package enum NamedThread {
    /// What the kernel keeps of a name.
    package static let nameBytesMax = 15

    /// Runs `body` on a new thread.
    ///
    /// - Parameters:
    ///   - name: of its kind of work; at most ``nameBytesMax`` bytes.
    ///   - stackBytes: nil: as much as the system gives.
    package static func start(_ name: String, stackBytes: Int? = nil, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread {
            nameCurrent(name)
            body()
        }
        if let stackBytes { thread.stackSize = stackBytes }
        thread.start()
    }

    /// The same name for the calling thread, where it is started by other means. Without `/proc` it stays as it is.
    package static func nameCurrent(_ name: String) {
        precondition(name.utf8.count <= nameBytesMax, "the kernel would cut off the thread name \(name)")
        // Foundation passes the name of a thread on only once its starter has noted the thread's number, which may be later.
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name, name.utf8.count)
        close(file)
    }
}
