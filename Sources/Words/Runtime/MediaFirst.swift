#if canImport(Glibc)
    import Glibc
#endif

/// Whose turn it is when the processors are busy: media threads first. A frame that comes late is heard; a record, a search
/// or a page that comes some milliseconds later is not noticed.
package enum MediaFirst {
    /// One thousand and twenty-four parts of the processor for a media thread, 110 for one that has given way.
    package static let niceness: Int32 = 10

    /// Lowers the calling thread, and what it starts, below the media threads for as long as it lives. Never call it on a
    /// media thread: there is no way back without privileges. Costs two system calls at most.
    package static func giveWay(to niceness: Int32 = niceness) {
        let which = __priority_which_t(PRIO_PROCESS.rawValue)
        // A process that was started lower still stays there.
        if getpriority(which, 0) < niceness { _ = setpriority(which, 0, niceness) }
    }

    /// Puts the calling thread, but nothing it starts, before all threads that are not real-time ones: the lowest of the
    /// kernel's real-time priorities, in turns with others there (`SCHED_RR`, sched(7)). The kernel keeps a part of each
    /// processor for the rest.
    ///
    /// - Returns: false where the system does not permit it (neither `CAP_SYS_NICE` nor `RLIMIT_RTPRIO`); the thread is then
    ///   scheduled as before, and waits up to a time slice of a few milliseconds for a thread of low priority.
    @discardableResult
    package static func goFirst() -> Bool {
        // SCHED_RESET_ON_FORK, a macro that is not imported: threads that a media thread starts are ordinary ones.
        let resetOnFork: Int32 = 0x4000_0000
        var lowest = sched_param(sched_priority: sched_get_priority_min(SCHED_RR))
        return unsafe sched_setscheduler(0, SCHED_RR | resetOnFork, &lowest) == 0
    }
}
