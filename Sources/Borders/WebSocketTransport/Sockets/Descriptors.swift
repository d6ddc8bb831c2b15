import Glibc

/// How many file descriptors the process may have.
enum Descriptors {
    /// Raises the limit as far as the system lets an ordinary process raise it.
    /// - Returns: the limit then; nil when it cannot be read.
    @discardableResult static func raise() -> Int? {
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(kind, &limit) == 0 else { return nil }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if unsafe setrlimit(kind, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}

extension TransportLimits {
    /// These limits where a process may have `descriptors`: strangers get a quarter of them, so that calls, journals and the
    /// database keep theirs whatever comes.
    func fitting(descriptors: Int) -> TransportLimits {
        var fitting = self
        let share = max(16, descriptors / 4)
        guard share < unfinishedMax else { return self }
        fitting.unfinishedMax = share
        fitting.unfinishedPerPeerMax = min(unfinishedPerPeerMax, share / 2)
        return fitting
    }
}
