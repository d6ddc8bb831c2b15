import CallModel
import Campaigns
import Compliance
import Database
import Dialing
import Foundation
import Jobs
import LiveCalls
import Synchronization
import TwilioProtocol

extension SimulatedYear {
    func handle(_ event: YearEvent) async throws {
        switch event {
        case .enrol: try await enrol(contactsABatch)
        case .place(let call): try await place(call)
        case .ringing(let call, let sid): try await tell(call, sid, .ringing)
        case .answered(let call, let sid):
            try await tell(call, sid, .inProgress)
            // "Stop calling me."
            if random.chance(0.05) { try await optOut(call.tenant, call.number) }
        case .over(let call, let sid, let outcome): try await end(call, sid, outcome)
        case .moveOn(let tenant, let attempt):
            do {
                try await database.transaction(tenant: tenant) { try MoveOn(attempt: attempt).write(in: $0) }
            } catch JobFailure.notYet(let pause) {
                queue.add(.moveOn(tenant, attempt), at: now + pause / .seconds(1))
            }
        case .trouble: try await trouble()
        case .stop(let tenant): try await stop(tenant)
        case .go(let tenant):
            try await owner.unscoped {
                try $0.send("update tenants set calls_stopped_at = null where id = $1", [.uuid(tenant.uuid)])
            }
            try log.write(.init(.go, at: now, tenant))
        case .resume(let tenant, let campaign): try await pause(tenant, campaign, false)
        case .backInUse(let tenant, let number): try await use(tenant, number, true)
        case .rules(let tenant, let sets): try await choose(sets, for: tenant)
        }
    }

    // MARK: A call

    /// The job's run; something may come between the gate's yes and the carrier's request.
    private func place(_ call: YearCall) async throws {
        switch Int.random(in: 0..<1_000, using: &random) {
        case 0..<30: try await optOut(call.tenant, call.number)
        case 30..<34:
            try await pause(call.tenant, call.campaign, true)
            queue.add(.resume(call.tenant, call.campaign), at: now + 600)
        case 34..<36:
            try await stop(call.tenant)
            queue.add(.go(call.tenant), at: now + 300)
        default: break
        }
        let fate: LocalCarrier.Fate =
            switch Int.random(in: 0..<1_000, using: &random) {
            case 0..<15: .noRoom
            case 15..<25: .placedUnanswered
            case 25..<30: .unanswered
            default: .placed
            }
        shared.state.withLock { ($0.fate, $0.call, $0.sid) = (fate, call, nil) }
        do {
            let effect = try await placement.place(call.attempt, of: call.tenant)
            try await database.transaction(tenant: call.tenant) { try effect($0) }
        } catch JobFailure.notYet(let pause) {
            queue.add(.place(call), at: now + pause / .seconds(1) + 1)
            return
        } catch is TwilioRESTError {
            queue.add(.place(call), at: now + Double.random(in: 5..<40, using: &random))
            return
        }
        // By its answer, or found in its list.
        guard let sid = shared.state.withLock({ $0.sid }) ?? carrier.call(of: call.attempt) else { return }
        let ring = now + Double.random(in: 1..<4, using: &random)
        queue.add(.ringing(call, sid), at: ring)
        let outcome = outcome()
        switch outcome {
        case .talk, .machine:
            let answered = ring + Double.random(in: 2..<24, using: &random)
            queue.add(.answered(call, sid), at: answered)
            queue.add(.over(call, sid, outcome), at: answered + Double.random(in: 3..<400, using: &random))
        default: queue.add(.over(call, sid, outcome), at: ring + Double.random(in: 1..<25, using: &random))
        }
    }

    private func outcome() -> YearOutcome {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: .talk
        case 30..<42: .machine
        case 42..<72: .noAnswer
        case 72..<90: .busy
        case 90..<95: .declined
        case 95..<97: .noSuchNumber
        default: .noRoom
        }
    }

    private func tell(_ call: YearCall, _ sid: CallSid, _ status: CarrierCallStatus, sip: Int? = nil) async throws {
        let callback = try CallStatusCallback(form: LocalCarrier.callback(sid, status, sip: sip))
        try await DialProgress.note(
            callback, of: DialledCall(tenant: call.tenant, attempt: call.attempt), in: database)
    }

    private func end(_ call: YearCall, _ sid: CallSid, _ outcome: YearOutcome) async throws {
        switch outcome {
        case .machine:
            try await owner.unscoped {
                try $0.send(
                    "update dial_attempts set answered_by = 'voicemail' where id = $1", [.uuid(call.attempt)])
            }
            try await tell(call, sid, .completed)
        case .talk: try await tell(call, sid, .completed)
        case .busy: try await tell(call, sid, .busy)
        case .noAnswer: try await tell(call, sid, .noAnswer)
        case .declined: try await tell(call, sid, .failed, sip: 603)
        case .noSuchNumber: try await tell(call, sid, .failed, sip: 404)
        case .noRoom: try await tell(call, sid, .failed, sip: 503)
        }
        switch outcome {
        case .talk, .machine: try log.write(.init(.ended, at: now, call.tenant, number: call.number))
        case .noRoom: try log.write(.init(.congested, at: now, call.tenant, number: call.number))
        default: break
        }
    }

    // MARK: What nobody had planned

    private func trouble() async throws {
        guard !stage.enrolled.isEmpty else { return }
        let (tenant, person) = random.one(of: stage.enrolled)
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<8: try await optOut(tenant, person.number)
        case 8..<13:
            // They agree to less, or to more.
            let level = random.chance(0.5) ? "express" : "express_written"
            try await owner.unscoped { try Self.consent(level, of: person, tenant, in: $0) }
            try tell(of: person, level, tenant)
        case 13..<15:
            let campaign = random.one(of: stage.campaigns)
            try await pause(campaign.tenant, campaign.id, true)
            queue.add(.resume(campaign.tenant, campaign.id), at: now + 7_200)
        case 15:
            try await stop(tenant)
            queue.add(.go(tenant), at: now + 3_600)
        case 16..<18:
            let number = random.one(of: stage.callerIDs[tenant] ?? [])
            try await use(tenant, number, false)
            queue.add(.backInUse(tenant, number), at: now + 86_400)
        default:
            // Stricter for some days.
            guard tenant != .initial else { return }
            try await choose(["us_conservative", "eu"], for: tenant)
            queue.add(.rules(tenant, ["us", "ca", "uk", "eu", "in"]), at: now + 3 * 86_400)
        }
    }

    private func optOut(_ tenant: TenantID, _ number: String) async throws {
        let wish = OptOut(
            contactID: nil, phone: E164(number), words: "stop calling me", source: .caller,
            at: Date(timeIntervalSince1970: now))
        try await database.transaction(tenant: tenant) { try wish.write(in: $0) }
        try log.write(.init(.optOut, at: now, tenant, number: number))
    }

    private func stop(_ tenant: TenantID) async throws {
        try await owner.unscoped {
            try $0.send("update tenants set calls_stopped_at = now() where id = $1", [.uuid(tenant.uuid)])
        }
        try log.write(.init(.stop, at: now, tenant))
    }

    private func pause(_ tenant: TenantID, _ campaign: UUID, _ isPaused: Bool) async throws {
        try await owner.unscoped {
            try $0.send(
                "update campaigns set status = $2 where id = $1",
                [.uuid(campaign), .text(isPaused ? "paused" : "active")])
        }
        var line = YearLog.Line(isPaused ? .pause : .resume, at: now, tenant)
        line.campaign = campaign
        try log.write(line)
    }

    private func use(_ tenant: TenantID, _ number: String, _ isActive: Bool) async throws {
        try await owner.unscoped {
            try $0.send(
                "update phone_numbers set is_active = $2::boolean where number = $1", [.text(number), .bool(isActive)])
        }
        try log.write(.init(isActive ? .backInUse : .retire, at: now, tenant, number: number))
    }

    // MARK: At the end

    /// - Returns: what is wrong with what is on record; nil where it is sound.
    func summary(seconds: Double) async throws -> String? {
        func figures(_ sql: String) async throws -> String {
            try await owner.unscoped(timeoutMs: 120_000) { tx in
                try tx.query(sql).map { "\(try $0.text("what")) \(try $0.int("n"))" }.joined(separator: ", ")
            }
        }
        print(
            "people: "
                + (try await figures(
                    "select status as what, count(*)::integer as n from campaign_contacts group by 1 order by 2 desc")))
        print(
            "calls: "
                + (try await figures(
                    """
                    select outcome as what, count(*)::integer as n from dial_attempts where requested_at is not null and outcome is not null
                    group by 1 order by 2 desc
                    """)))
        print(
            "refusals: "
                + (try await figures(
                    "select code as what, count(*)::integer as n from dial_receipts where not is_allowed group by 1 order by 2 desc"
                )))
        var receipts = 0
        for tenant in Set(stage.campaigns.map(\.tenant)) {
            let (count, fault) = try await DialReceipts.verify(tenant, in: database)
            receipts += count
            if let fault { return "the receipts of \(tenant) are not sound: \(fault)" }
        }
        print(String(format: "%d receipts in whole chains; %.0f s", receipts, seconds))
        await database.close()
        await owner.close()
        await carrier.stop()
        return nil
    }
}
