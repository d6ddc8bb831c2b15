import Glibc

/// A `pthread_mutex` that lends its holder the priority of whoever waits: a media thread must not wait until a thread of
/// lower priority gets a processor again. Mailboxes use it instead of `Synchronization.Mutex`, whose protected state the thread sanitizer
/// reports as racing, wrongly (docs/decisions/0002-event-loop.md).
///
/// `@unchecked Sendable`: the only state is the mutex, which exists to be used by several threads.
@safe final class Lock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        var attributes = pthread_mutexattr_t()
        unsafe pthread_mutexattr_init(&attributes)
        unsafe pthread_mutexattr_setprotocol(&attributes, CInt(PTHREAD_PRIO_INHERIT))
        unsafe pthread_mutex_init(mutex, &attributes)
        unsafe pthread_mutexattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body()
    }
}
