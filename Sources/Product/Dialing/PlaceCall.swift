package import CallModel
package import Database
package import FoundationEssentials
package import Jobs
package import LiveCalls
import Telemetry
package import Telephony
import TwilioProtocol

/// Has the carrier place a call that may be placed. At most once: from the moment the carrier is asked, a run that finds no answer
/// asks what became of the call, and never for another.
struct PlaceCall: JobKind {
    static let kind = "call.place"
    static let policy = {
        var policy = JobPolicy()
        policy.attemptsMax = 20
        policy.backoff = .seconds(5) ... .seconds(900)
        policy.runMax = .seconds(30)
        policy.placesMax = 8
        return policy
    }()

    var attempt: UUID
}

/// Places calls at the carrier's.
package struct CallPlacement: Sendable {
    /// What opens the call here while it rings there, so that the agent is awake before anybody answers.
    package typealias Opening = @Sendable (NewCall) async -> Void

    private static let listedAfter = DialOrder.listedAfter
    /// A telephone rings at least so long as the law has it, and no longer than people wait.
    private static let ringSeconds = 25
    private static let callSecondsMax = 3_600

    private let database: Database
    private let carrier: CarrierAccount
    private let urls: PublicURLs
    private let asksCarrierWhoAnswers: Bool
    private let places: CallRegistry?
    private let observe: @Sendable (PlacementStep) -> Void
    private let open: Opening

    /// - Parameters:
    ///   - asksCarrierWhoAnswers: has the carrier find out as well, beside the call; it takes money for that.
    ///   - places: of calls on this node: one is kept before the carrier is asked; nil: there is always one.
    ///   - observe: told of every step.
    package init(
        database: Database, carrier: CarrierAccount, urls: PublicURLs, asksCarrierWhoAnswers: Bool,
        places: CallRegistry? = nil, observe: @escaping @Sendable (PlacementStep) -> Void = { _ in },
        open: @escaping Opening
    ) {
        self.database = database
        self.carrier = carrier
        self.urls = urls
        self.asksCarrierWhoAnswers = asksCarrierWhoAnswers
        self.places = places
        self.observe = observe
        self.open = open
    }

    package var handler: JobHandler {
        JobHandler(PlaceCall.self) { job, run in try await place(job.attempt, of: run.tenant) }
    }

    /// One run of the job: has the call placed, or finds out what became of it.
    package func place(_ attempt: UUID, of tenant: TenantID) async throws -> JobEffect {
        let hasPlace = places?.hold(attempt) ?? true
        defer { places?.letGo(attempt) }
        observe(.taking)
        let order = try await database.transaction(tenant: tenant, urgency: .afterwards) {
            try DialOrder.take(attempt, hasPlace: hasPlace, in: $0)
        }
        observe(.taken)
        switch order {
        case nil: return { _ in }
        case .fresh(let call)?: return try await request(call, tenant)
        case .asked(let call)?: return try await find(call, tenant)
        }
    }

    private func request(_ call: DialOrder.Call, _ tenant: TenantID) async throws -> JobEffect {
        let query = DialledCall(tenant: tenant, attempt: call.attempt).query
        var request = CreateCall(
            to: call.number.text, from: call.callerID.text, instructions: .url(urls.voice + query))
        request.statusCallback = urls.status + query
        if asksCarrierWhoAnswers {
            request.machineDetection = .enable
            request.asyncDetectionCallback = urls.amd + query
        }
        request.timeoutSeconds = Self.ringSeconds
        request.timeLimitSeconds = Self.callSecondsMax
        observe(.requesting)
        let creation = await carrier.create(request)
        observe(.requested)
        switch creation {
        case .created(let sid): return try await note(sid, of: call, tenant)
        case .refused(let error) where error.advice == .retryLater || error.advice == .pauseDialling:
            // It was not placed: the same attempt may be, later.
            try await database.transaction(tenant: tenant, urgency: .afterwards) {
                try $0.send(
                    """
                    update dial_attempts set state = 'reserved', requested_at = null, carrier_error = $2
                    where id = $1::uuid and state = 'requesting'
                    """, [.uuid(call.attempt), .text("\(error)")])
            }
            throw error
        case .refused(let error):
            return { try DialProgress.end(call.attempt, Self.outcome(of: error), "\(error)", in: $0) }
        case .unknown:
            try await database.transaction(tenant: tenant, urgency: .afterwards) {
                try $0.send(
                    "update dial_attempts set state = 'submission_unknown' where id = $1::uuid and state = 'requesting'",
                    [.uuid(call.attempt)])
            }
            throw JobFailure.notYet(Self.listedAfter)
        }
    }

    private static func outcome(of error: TwilioRESTError) -> DialOutcome {
        switch error.code {
        case 21_211, 21_214, 21_217, 13_224: .invalidNumber
        case 21_610: .optedOut
        default: .carrierRefused
        }
    }

    /// The run before, or this one, does not know whether the carrier placed the call: it is in the carrier's list, or was not placed.
    private func find(_ call: DialOrder.Call, _ tenant: TenantID) async throws -> JobEffect {
        observe(.looking)
        let answer = await carrier.calls(to: call.number, from: call.callerID)
        observe(.looked)
        guard let listed = answer else {
            throw JobFailure.notYet(Self.listedAfter)
        }
        let known = try await database.transaction(tenant: tenant, urgency: .afterwards) { tx in
            try tx.query(
                "select carrier_call_sid as sid from dial_attempts where carrier_call_sid = any($1::text[])",
                [.textArray(listed.map(\.sid.text))]
            ).map { try $0.text("sid") }
        }
        if let found = listed.first(where: { !known.contains($0.sid.text) && $0.isSince(call.requestedAt) }) {
            return try await note(found.sid, of: call, tenant)
        }
        guard call.isListed else {
            throw JobFailure.notYet(Self.listedAfter)
        }
        return {
            try DialProgress.end(
                call.attempt, .unknown, "the carrier did not answer, and has no such call in its list", in: $0)
        }
    }

    /// Its sid is on record before anything else happens.
    private func note(_ sid: CallSid, of call: DialOrder.Call, _ tenant: TenantID) async throws -> JobEffect {
        observe(.storing)
        try await database.transaction(tenant: tenant, urgency: .live) {
            try DialProgress.placed(call.attempt, sid, in: $0)
        }
        observe(.stored)
        Log.info("call placed", ["call.sid": sid, "dial.attempt": call.attempt, "pii.to": call.number.masked])
        await open(
            NewCall(
                callSid: sid, from: call.callerID, to: .number(call.number), direction: .outbound,
                dialled: DialledCall(tenant: tenant, attempt: call.attempt)))
        observe(.opened)
        return { _ in }
    }
}

/// What a run is to do about an attempt.
enum DialOrder: Sendable {
    struct Call: Sendable {
        var attempt: UUID
        var number: E164
        var callerID: E164
        var requestedAt: Date
        /// Were it placed, it would be in the carrier's list by now.
        var isListed: Bool
    }

    case fresh(Call)
    /// The carrier has been asked before.
    case asked(Call)

    /// A call that was asked for is in the carrier's list by then, or it never will be.
    static let listedAfter = Duration.seconds(60)
    /// Another node may have a place, or this one has by then.
    private static let placeAgainAfter = Duration.seconds(1)

    /// Nil where nothing is to be done, or not any more: somebody who asked to be left alone since is not called.
    ///
    /// - Throws: ``JobFailure/notYet(_:)`` where this node has no place for it.
    static func take(_ attempt: UUID, hasPlace: Bool, in tx: borrowing Transaction) throws -> DialOrder? {
        let rows = try tx.query(
            """
            select number, caller_id, state, coalesce(requested_at, now()) as requested_at,
                coalesce(requested_at < now() - make_interval(secs => $2), false) as is_listed,
                app.is_opted_out(number) as is_left_alone, carrier_error is not null as was_refused,
                valid_until <= now() as is_stale,
                exists (select from tenants t where t.calls_stopped_at is not null or not t.is_active)
                    or exists (select from campaigns g where g.id = campaign_id and g.status <> 'active') as is_stopped
            from dial_attempts where id = $1::uuid for update
            """, [.uuid(attempt), .double(Self.listedAfter / .seconds(1))])
        guard let row = rows.first, let number = E164(try row.text("number")),
            let callerID = E164(try row.text("caller_id"))
        else { return nil }
        let call = Call(
            attempt: attempt, number: number, callerID: callerID, requestedAt: try row.timestamp("requested_at"),
            isListed: try row.bool("is_listed"))
        switch DialState(rawValue: try row.text("state")) {
        case .reserved where try row.bool("is_left_alone"):
            try DialProgress.end(attempt, .optedOut, nil, in: tx)
            return nil
        case .reserved where try row.bool("is_stopped"):
            try DialProgress.end(attempt, .cancelled, nil, in: tx)
            return nil
        case .reserved where try row.bool("is_stale"):
            let outcome = try row.bool("was_refused") ? DialOutcome.carrierCongestion : .cancelled
            try DialProgress.end(attempt, outcome, nil, in: tx)
            return nil
        case .reserved where !hasPlace: throw JobFailure.notYet(Self.placeAgainAfter)
        case .reserved:
            try tx.send(
                "update dial_attempts set state = 'requesting', requested_at = now() where id = $1::uuid",
                [.uuid(attempt)])
            return .fresh(call)
        case .requesting, .submissionUnknown: return .asked(call)
        case .placed, .ringing, .inCall, .ended, nil: return nil
        }
    }
}

/// Where a run is that places a call: told before each wait and after it, to whoever watches it (a test that kills it there).
package enum PlacementStep: String, CaseIterable, Sendable {
    case taking, taken
    case requesting, requested
    /// In the carrier's list, for what became of a call.
    case looking, looked
    case storing, stored
    case opened
}
