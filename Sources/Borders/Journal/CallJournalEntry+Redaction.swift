package import CallModel
package import SpokenLanguage

extension CallJournalEntry {
    /// What people said without card numbers and the like, as far as this entry alone shows them; identifiers and times as
    /// they are. Turns and keys are the business of ``ConversationRedaction/take(_:)-(CallJournalEntry)``.
    package func redacted(_ redaction: Redaction) -> CallJournalEntry {
        switch self {
        case .toolCalled(let name, let arguments, let result, let atMs):
            .toolCalled(
                name: name, arguments: redaction.redact(arguments), result: redaction.redact(result), atMs: atMs)
        case .fact(let fact, let atMs): .fact(fact.redacted(redaction), atMs: atMs)
        case .note(let note, let atMs): .note(redaction.redact(note), atMs: atMs)
        case .consult(let consult, let atMs): .consult(consult.redacted(redaction), atMs: atMs)
        case .turn, .dtmf, .rang, .answered, .streamClosed, .ended: self
        }
    }
}

extension ConversationRedaction {
    /// The next entry of a call as it may be stored.
    ///
    /// - Returns: also whether entries before it hold what is known to be secret only now: those are to be stored anew, as
    ///   ``redacted(_:_:)`` makes them.
    package mutating func take(_ entry: CallJournalEntry) -> (entry: CallJournalEntry, reachesBack: Bool) {
        switch entry {
        case .turn(let turn):
            let wasOpen = isOpen(turn.number)
            let taken = take(turn)
            return (.turn(taken[0]), taken.count > 1 || (wasOpen && taken[0].text != turn.text))
        case .dtmf(let key, let atMs):
            let taken = take(key: key, atMs: atMs)
            return (.dtmf(digit: taken.key, atMs: atMs), taken.reachesBack)
        default: return (entry.redacted(redaction), false)
        }
    }

    /// The entries of a call as they may be kept. Of a turn that holds a secret only its last version stays: those before it
    /// hold it in part.
    package static func redacted(_ entries: [CallJournalEntry], _ redaction: Redaction) -> [CallJournalEntry] {
        var conversation = ConversationRedaction(redaction)
        var turns: [Int: Turn] = [:]
        var last: [Int: Int] = [:]
        var secret: Set<Int> = []
        for (place, entry) in entries.enumerated() {
            if case .turn(let turn) = entry {
                last[turn.number] = place
                for taken in conversation.take(turn) {
                    turns[taken.number] = taken
                    if taken.number != turn.number || taken.text != turn.text { secret.insert(taken.number) }
                }
            } else if case .dtmf(let key, let atMs) = entry {
                conversation.press(key, atMs: atMs)
            }
        }
        var keys = conversation.redactedKeys[...]
        return entries.enumerated().compactMap { place, entry in
            switch entry {
            case .turn(let turn):
                guard secret.contains(turn.number) else { return entry }
                return last[turn.number] == place ? turns[turn.number].map { .turn($0) } : nil
            case .dtmf(_, let atMs): return .dtmf(digit: keys.popFirst()?.key ?? "", atMs: atMs)
            default: return entry.redacted(redaction)
            }
        }
    }
}

extension CallFact {
    func redacted(_ redaction: Redaction) -> CallFact { mapTexts(keepsEmail: true, redaction.redact) }

    /// The fact with every text changed by `change`; the email address stays where `keepsEmail` says so.
    func mapTexts(keepsEmail: Bool = false, _ change: (String) -> String) -> CallFact {
        switch self {
        case .contactDetails(let name, let email, let company, let position):
            .contactDetails(
                name: name.map(change), email: keepsEmail ? email : email.map(change), company: company.map(change),
                position: position.map(change))
        case .qualification(let budget, let amount, let authority, let need, let timeline, let notes):
            .qualification(
                budget: budget, budgetAmount: amount, authority: authority, need: need, timeline: timeline,
                notes: notes.map(change))
        case .meetingBooked(let title, let startsAt, let minutes):
            .meetingBooked(title: change(title), startsAt: startsAt, durationMinutes: minutes)
        case .followUpAgreed(let dueAt, let reason): .followUpAgreed(dueAt: dueAt, reason: change(reason))
        case .doNotContact(let words): .doNotContact(words: change(words))
        case .transferRequested(let reason): .transferRequested(reason: change(reason))
        case .consent(let kind, let granted, let words): .consent(kind: kind, granted: granted, words: change(words))
        }
    }
}

extension CallRecord {
    /// The record without what `redaction` names, the conversation and the keys pressed each read as a whole.
    package func redacted(_ redaction: Redaction) -> CallRecord {
        var record = self
        var conversation = ConversationRedaction(redaction)
        var left = keys[...]
        for (place, turn) in transcript.turns.enumerated() {
            while let key = left.first, key.atMs < turn.startedMs {
                conversation.press(key.key, atMs: key.atMs)
                left.removeFirst()
            }
            for (count, taken) in conversation.take(turn).enumerated() {
                let at = count == 0 ? place : record.transcript.turns.lastIndex { $0.number == taken.number } ?? place
                record.transcript.turns[at] = taken
            }
        }
        for key in left { conversation.press(key.key, atMs: key.atMs) }
        record.keys = conversation.redactedKeys
        record.facts = facts.map { $0.redacted(redaction) }
        record.notes = notes.map(redaction.redact)
        record.consults = consults.map { $0.redacted(redaction) }
        return record
    }
}
