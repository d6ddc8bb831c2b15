import AudioCore

/// How many remarks a call may leave on its record, and how long each may be: an agent that warns without end fills no disk.
struct CallNotes: Equatable, Sendable {
    static let notesMax = 300
    static let noteBytesMax = 500

    private var taken = 0
    private var leftOut = 0

    /// `note`, cut to size; nil when there is no more room, which is counted.
    mutating func take(_ note: String) -> String? {
        guard taken < CallNotes.notesMax else {
            leftOut += 1
            return nil
        }
        taken += 1
        return String(note.prefix(utf8Bytes: CallNotes.noteBytesMax))
    }

    /// The last note of a call that had more to remark than there was room for.
    var rest: String? { leftOut == 0 ? nil : "\(leftOut) more notes were left out" }
}
