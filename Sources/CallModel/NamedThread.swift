import class Foundation.Thread

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

    /// The same name for the calling thread, where it is started by other means.
    package static func nameCurrent(_ name: String) {
        precondition(name.utf8.count <= nameBytesMax, "the kernel would refuse the thread name \(name)")
        // A thread that runs passes its name on to the kernel; one that has yet to start does not.
        Thread.current.name = name
    }
}
