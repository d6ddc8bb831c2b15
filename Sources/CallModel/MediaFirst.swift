#if canImport(Glibc)
    import Glibc
#endif

/// Whose turn it is when the processors are busy: media threads first. A frame that comes late is heard; a record, a search
/// or a page that comes some milliseconds later is not noticed.
package enum MediaFirst {
    /// One thousand and twenty-four parts of the processor for a media thread, 110 for one that has given way.
    private static let niceness: Int32 = 10

    /// Lowers the calling thread, and what it starts, below the media threads for as long as it lives. Never call it on a
    /// media thread: there is no way back without privileges. Costs two system calls at most.
    package static func giveWay() {
        let which = __priority_which_t(PRIO_PROCESS.rawValue)
        // A process that was started lower still stays there.
        if getpriority(which, 0) < niceness { _ = setpriority(which, 0, niceness) }
    }
}
