import CRM
import CallModel
import CallReading
import Database
import FoundationEssentials
import Journal
import Telemetry

/// Reading and committing: off the actor, on threads that give way.
extension PostCallWriter {
    nonisolated func reading(_ job: Job) async -> Outcome {
        do {
            return .read(try await call(job))
        } catch let error as JournalError {
            if case .disk = error { return .retry(error) }
            // Written by an earlier submission that was still running.
            if case .missing = error, journals.isWritten(job.callID) { return .written }
            return .unreadable(error)
        } catch is AlreadyWritten {
            markWritten(job.callID)
            return .written
        } catch {
            return PostCallWriter.outcome(error)
        }
    }

    private nonisolated func call(_ job: Job) async throws -> CallCommit {
        let entries = try journals.load(job.callID)
        guard var written = CallRecord(journal: entries) else {
            throw JournalError.corrupt(job.callID, byte: 0, reason: "does not begin with the opening of a call")
        }
        let book = try await rules.read(written.opening.tenant)
        var joined: JoinedCall?
        if let other = job.joins {
            joined = try await database.transaction(
                tenant: written.opening.tenant, timeoutMs: transactionTimeoutMs, urgency: .afterwards
            ) { tx in try JoinedCall.read(other, in: tx) }
            if joined?.holds(job.callID) == true { throw AlreadyWritten() }
            if let joined { written = joined.joined(with: written) }
        }
        var record = written.redacted(book.redaction)
        if let joined { record.notes = joined.notes(with: record.notes, of: job.callID) }
        record.opening.timeZone = try await zones.zone(of: record.opening)
        var insight = FactMerge.insight(await pipeline.insight(record), record: record)
        let interruptedReason = record.ending == nil ? job.interruptedReason ?? "interrupted" : nil
        if interruptedReason != nil { insight = FactMerge.interrupted(insight) }
        if let joined { insight.outcome = joined.outcome(with: insight.outcome) }
        return CallCommit(
            record: record, insight: insight, interruptedReason: interruptedReason, pipeline: pipeline,
            rules: book.rules, joins: joined)
    }

    /// An earlier attempt has committed the call, and its answer was lost.
    private struct AlreadyWritten: Error {}

    nonisolated func committing(_ jobs: [Job]) async -> [Outcome] {
        let batch = CallBatch(commits: jobs.compactMap(\.commit))
        guard let tenant = batch.commits.first?.record.opening.tenant else { return [] }
        let verdicts: [CallBatch.Verdict]
        do {
            verdicts = try await database.transaction(
                tenant: tenant, timeoutMs: transactionTimeoutMs, urgency: .afterwards
            ) { tx in try batch.write(in: tx) }
        } catch {
            let outcome = PostCallWriter.outcome(error)
            // It is one of them: alone, each shows whether it is the one.
            switch outcome {
            case .refused, .partOf: return jobs.map { _ in jobs.count > 1 ? .alone : outcome }
            default: return jobs.map { _ in outcome }
            }
        }
        return zip(zip(jobs, batch.commits), verdicts).map { call, verdict in
            switch verdict {
            case .another: return .again
            case .partial: return .partOf(call.0.joins ?? call.0.callID)
            case .written(let outcome): report(outcome, call.1, call.0)
            case .alreadyWritten: break
            }
            markWritten(call.0.callID)
            return .written
        }
    }

    private nonisolated func markWritten(_ callID: CallID) {
        do {
            try journals.markWritten(callID)
        } catch {
            // Nothing is lost: after a restart it is submitted again and found written.
            Log.warning("committed journal cannot be moved", ["call.id": callID, "error": error])
        }
    }

    private nonisolated func report(_ outcome: CallOutcome, _ commit: CallCommit, _ job: Job) {
        let seconds = max(0, Date.now.timeIntervalSince(commit.record.endedAt))
        if !job.isRecovered {
            metrics.observe(PostCallMetrics.commitSeconds, seconds: seconds)
        }
        metrics.add(PostCallMetrics.written[outcome.rawValue])
        Log.info(
            "call record written",
            [
                "call.id": job.callID, "call.sid": commit.record.opening.callSid, "outcome": outcome.rawValue,
                "commit_ms": Int(seconds * 1_000), "attempts": job.attempts + 1,
            ])
    }

    /// What was written breaks a rule: aside, for a person. Everything else is the database's own and passes, however long
    /// that takes: away, busy, a copy only, without a table or a grant.
    private nonisolated static func outcome(_ error: any Error) -> Outcome {
        switch error {
        case DatabaseError.closed: return .stopped
        case let error as DatabaseError where error.isOutage: return .away(error)
        case let error as DatabaseError where error.isRefusal:
            guard case .statementFailed(let sqlState, _, let constraint) = error else { return .retry(error) }
            return .refused(reason: "\(sqlState) \(constraint ?? "")")
        case CallStore.Failure.carrierCallTaken(_, let other): return .partOf(other)
        case DatabaseError.unexpectedValue(let column, let expected):
            return .refused(reason: "column \(column) holds no \(expected)")
        case DatabaseError.unfitRow(let table, let problem): return .refused(reason: "a row for \(table) \(problem)")
        default: return .retry(error)
        }
    }
}
