package import CallModel

/// What can go wrong with a call's journal. Never carries call content.
package enum JournalError: Error, Equatable, CustomStringConvertible {
    /// The disk refused: `operation` on `path` failed with `code` (errno).
    case disk(operation: String, path: String, code: Int32, reason: String)
    case missing(CallID)
    /// The file is not a journal of this call; `byte` is where reading stopped.
    case corrupt(CallID, byte: Int, reason: String)
    /// Entries were discarded because the disk could not keep up for too long.
    case entriesLost(CallID, count: Int)
    /// The call cannot be moved yet: its journal is in memory only.
    case notYetWritten(CallID)
    /// Another process has the journals; `pid` is nil where it left no number.
    case inUse(directory: String, pid: Int32?)

    package var description: String {
        switch self {
        case .disk(let operation, let path, _, let reason):
            "Journal: \(operation) of \(path) failed: \(reason). The entries stay in memory and are tried again; "
                + "make room on the disk or restore access to the directory."
        case .missing(let call): "Journal: call \(call) has no journal file; it was written already or never began."
        case .corrupt(let call, let byte, let reason):
            "Journal: the file of call \(call) is not readable from byte \(byte) on (\(reason)). "
                + "It is kept in the quarantine directory for a person to look at."
        case .entriesLost(let call, let count):
            "Journal: \(count) entries of call \(call) were discarded because the disk did not take them in time, "
                + "or because the call wrote more than a journal holds."
        case .notYetWritten(let call):
            "Journal: call \(call) is in memory only; it stays there until the disk takes it."
        case .inUse(let directory, let pid):
            "Journal: \(directory) is in use by \(pid.map { "process \($0)" } ?? "another process"). Its calls are not ours to "
                + "end: stop it first, or give this gateway a PARLEY_DATA_DIR of its own."
        }
    }
}
