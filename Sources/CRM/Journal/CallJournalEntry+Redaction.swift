import CallModel

extension CallJournalEntry {
    /// What people said or typed, without card numbers and the like; identifiers and times as they are.
    func redacted(_ redaction: Redaction) -> CallJournalEntry {
        switch self {
        case .turn(var turn):
            turn.text = redaction.redact(turn.text)
            turn.heardText = redaction.redact(turn.heardText)
            return .turn(turn)
        case .spoke(var part):
            part.text = redaction.redact(part.text)
            return .spoke(part)
        case .toolCalled(let name, let arguments, let result, let atMs):
            return .toolCalled(
                name: name, arguments: redaction.redact(arguments), result: redaction.redact(result), atMs: atMs)
        case .fact(let fact, let atMs): return .fact(fact.redacted(redaction), atMs: atMs)
        case .note(let note, let atMs): return .note(redaction.redact(note), atMs: atMs)
        case .consult(let consult, let atMs): return .consult(consult.redacted(redaction), atMs: atMs)
        case .rang, .answered, .dtmf, .streamClosed, .ended: return self
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
    /// The record without what `redaction` names; keys pressed are read as one number here.
    func redacted(_ redaction: Redaction) -> CallRecord {
        var record = self
        record.transcript.turns = transcript.turns.map { turn in
            var turn = turn
            turn.text = redaction.redact(turn.text)
            turn.heardText = redaction.redact(turn.heardText)
            return turn
        }
        record.facts = facts.map { $0.redacted(redaction) }
        record.notes = notes.map(redaction.redact)
        record.dtmf = redaction.redact(dtmf)
        record.consults = consults.map { $0.redacted(redaction) }
        return record
    }
}
