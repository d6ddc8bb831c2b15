import API
import CallModel
import Database
import Endpoints
import Foundation
import Gateway
import HTTPClient
import SimulatedCarrier
import SpeechAgent
import TestSupport
import Testing

@testable import parley

/// A campaign that a gateway dials: made through the API, decided by the gate, rung by the carrier, on record.
@Suite(.serialized, .staged) struct CampaignCallTests {
    private struct Unmet: Error, CustomStringConvertible { var description: String }

    private func stage(
        _ agent: ScriptedAgent, settings: [String: String] = [:], _ callee: @escaping @Sendable (String) -> Callee
    ) async throws -> Stage {
        let stage = try await Stage.build(
            agentURL: agent.url, settings: settings,
            carrier: {
                $0.callee = callee
                $0.callsPerSecond = 50
            })
        _ = try await stage.database.rows(
            "insert into phone_numbers (tenant_id, number, profile_id) select $1, '+15550200100', id from profiles limit 1",
            [.uuid(TenantID.initial.uuid)])
        _ = try await stage.database.rows(
            "update tenants set name = 'Parley Test', calling_rule_sets = $1::text[]",
            [.textArray(AwakePlace.ruleSets)])
        return stage
    }

    private func ask(
        _ stage: Stage, _ method: String, _ path: String, _ body: String? = nil, is status: Int = 200
    ) async throws -> JSONValue {
        let admin = APIPrincipal(subject: "mia", tenant: .initial, role: .admin)
        let token = JWT.sign(admin, secret: Array("0123456789abcdef0123456789abcdef".utf8), validSeconds: 600)
        let request = OutgoingRequest(
            method, stage.gateway.publicURL + path,
            headers: [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")],
            body: body.map { Array($0.utf8) })
        let answer = try await HTTPClient(answerBytesMax: 1 << 20).send(request, within: .seconds(30))
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status == status, "\(method) \(path): \(text)")
        return try #require(JSONValue(answer.body), "\(text)")
    }

    /// A contact who has agreed to be called, or has not.
    private func contact(_ stage: Stage, _ name: String, _ number: String, agrees: Bool) async throws -> String {
        if agrees { try await PlacedCalls.agree(number, stage) }
        let made = try await ask(
            stage, "POST", "/api/v1/contacts", #"{"contact_name":"\#(name)","phone":"\#(number)"}"#, is: 201)
        return try #require(made["id"]?.text)
    }

    /// A campaign of these contacts, which dials.
    private func start(_ stage: Stage, _ contacts: [String], _ fields: String = "") async throws -> String {
        let made = try await ask(
            stage, "POST", "/api/v1/campaigns", #"{"name":"Spring"\#(fields)}"#, is: 201)
        let id = try #require(made["id"]?.text)
        let ids = contacts.map { "\"\($0)\"" }.joined(separator: ",")
        _ = try await ask(stage, "POST", "/api/v1/campaigns/\(id)/enroll", #"{"contact_ids":[\#(ids)]}"#)
        _ = try await ask(stage, "POST", "/api/v1/campaigns/\(id)/start", "{}")
        return id
    }

    private func wait(
        _ stage: Stage, _ what: String, _ sql: String, _ values: [SQLValue] = []
    ) async throws -> Row {
        for _ in 0..<(60 * 20 * Sanitizer.slowness) {
            if let row = try await stage.database.rows(sql, values).first { return row }
            try await Task.sleep(for: .milliseconds(50))
        }
        let rows = try await stage.database.rows("select status, reason, attempts, last_outcome from campaign_contacts")
        let stand = try rows.map { "\(try $0.text("status")) \(try $0.textOrNil("reason") ?? "")" }
        let campaigns = try await stage.database.rows("select status, reason from campaigns")
        let whole = try campaigns.map { "\(try $0.text("status")) \(try $0.textOrNil("reason") ?? "")" }
        throw Unmet(description: "\(what): \(stand), campaigns \(whole)")
    }

    private func enrolment(_ stage: Stage, _ contact: String, _ status: String) async throws -> Row {
        try await wait(
            stage, "\(contact) is \(status)",
            """
            select reason, attempts, last_outcome, extract(epoch from next_at - now())::double precision as seconds
            from campaign_contacts where contact_id = $1::uuid and status = $2
            """, [.text(contact), .text(status)])
    }

    @Test func `of three contacts one talks, one is busy and called again, and one is refused with its reason`()
        async throws
    {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let callee = try Stage.caller("callee", [.waitForAgent(silenceMs: 700, timeoutMs: 20_000), .hangUp])
        let isFree = Flag()
        let stage = try await stage(agent) { number in
            number.hasSuffix("2") && !isFree.isUp ? .busy : .answers(afterMs: 300, script: callee)
        }
        let place = try PlacedCalls.stem()
        let talks = try await contact(stage, "Anna", place + "1", agrees: true)
        let busy = try await contact(stage, "Bert", place + "2", agrees: true)
        let silent = try await contact(stage, "Carl", place + "3", agrees: false)

        let campaign = try await start(stage, [talks, busy, silent])

        let talked = try await enrolment(stage, talks, "completed")
        #expect(try talked.int("attempts") == 1 && talked.text("last_outcome") == "completed")
        let refused = try await enrolment(stage, silent, "refused")
        #expect(try ["consent_missing", "do_not_call_list_missing"].contains(refused.text("reason")))
        let waiting = try await enrolment(stage, busy, "retry_at")
        #expect(try waiting.text("reason") == "busy" && (600.0...1_100).contains(waiting.double("seconds")))

        // A quarter of an hour passes, and the rules' week of one call a day with it.
        isFree.raise()
        _ = try await stage.database.rows(
            "update dial_attempts set requested_at = requested_at - interval '8 days' where number = $1",
            [.text(place + "2")])
        _ = try await stage.database.rows("update campaign_contacts set next_at = now() where status = 'retry_at'")
        let again = try await enrolment(stage, busy, "completed")
        #expect(try again.int("attempts") == 2)

        let ended = try await wait(
            stage, "the campaign is over", "select reason from campaigns where status = 'completed'")
        #expect(try ended.text("reason") == "nobody is left to call")
        let told = try await ask(stage, "GET", "/api/v1/campaigns/\(campaign)/performance")
        #expect(told["dialled"]?.integer == 3 && told["answered"]?.integer == 2)
        #expect(told["outcomes"] == ["busy": 1, "completed": 2])
        let receipts = try await ask(stage, "GET", "/api/v1/campaigns/\(campaign)/receipts")
        #expect(receipts["data"]?.list?.count == 4)
        #expect(receipts["data"]?.list?.count { $0["is_allowed"] == .bool(false) } == 1)
        await agent.shutdown()
    }

    /// What `parley campaign` says, and its exit code.
    private func parley(_ stage: Stage, _ arguments: [String]) async throws -> (code: Int32, output: String) {
        let process = Process()
        process.executableURL = GatewayProcess.executable
        process.arguments = ["campaign"] + arguments + ["--gateway", stage.gateway.publicURL]
        process.environment = Sanitizer.environment.merging(
            ["PARLEY_JWT_SECRET": "0123456789abcdef0123456789abcdef"]
        ) { $1 }
        process.currentDirectoryURL = URL(filePath: stage.dataDirectory)
        let file = stage.dataDirectory + "/said-\(UUID().uuidString)"
        try Data().write(to: URL(filePath: file))
        process.standardOutput = FileHandle(forWritingAtPath: file)
        process.standardError = process.standardOutput
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume() }
        }
        return (process.terminationStatus, try String(contentsOf: URL(filePath: file), encoding: .utf8))
    }

    @Test func `a campaign of a file is made, started, watched to its end and reported on the command line`()
        async throws
    {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let stage = try await stage(agent) { _ in .busy }
        let list = stage.dataDirectory + "/people.csv"
        try Data("Name;Phone\nAnna;+12015550101\nNobody;12\n".utf8).write(to: URL(filePath: list))

        let made = try await parley(stage, ["create", "--name", "Spring", "--csv", list])
        #expect(
            made.code == 1 && made.output.contains("Line 3: ") && made.output.contains("1 of 2 enrolled, 1 refused"))
        let id = try #require(
            try await stage.database.rows("select id::text as id from campaigns").first
        ).text("id")
        // She has not agreed to anything.
        let slug = try #require(try await stage.database.rows("select slug from tenants").first).text("slug")
        let started = try await parley(stage, ["start", "--id", id, "--tenant", slug])
        #expect(started.code == 0 && started.output.contains("Spring is active"), "\(started.output)")
        let watched = try await parley(stage, ["watch", "--id", id])
        #expect(watched.code == 0 && watched.output.hasSuffix("completed: 1 refused\n"), "\(watched.output)")
        let report = try await parley(stage, ["report", "--id", id])
        #expect(report.output.contains("Not called: ") && report.output.contains("0 calls"), "\(report.output)")
        let stranger = try await parley(stage, ["report", "--id", id, "--tenant", "nobody"])
        #expect(stranger.code == 1 && stranger.output.contains("there is no tenant nobody"), "\(stranger.output)")
        let again = try await parley(stage, ["start", "--id", id])
        #expect(again.code == 1 && again.output.contains("completed"), "\(again.output)")
        await agent.shutdown()
    }

    @Test func `an emergency stop ends what rings, on the record too, and nobody else is called`() async throws {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let stage = try await stage(agent) { _ in .answers(afterMs: 60_000, script: nil) }
        let place = try PlacedCalls.stem()
        var people: [String] = []
        for digit in 1...4 {
            people.append(try await contact(stage, "Person \(digit)", place + "\(digit)", agrees: true))
        }
        let campaign = try await start(stage, people, #","pace":{"calls_max":1}"#)
        _ = try await wait(
            stage, "one rings", "select from dial_attempts where state = 'ringing' and campaign_id is not null")

        let clock = ContinuousClock.now
        let stopped = try await ask(
            stage, "POST", "/api/v1/campaigns/emergency-stop", #"{"reason":"enough","hang_up":true}"#)
        #expect(stopped["campaigns"]?.integer == 1 && stopped["hung_up"]?.integer == 1)
        _ = try await wait(
            stage, "the ringing call is over",
            """
            select from dial_attempts where campaign_id = $1::uuid having count(*) filter (where state <> 'ended') = 0
            """, [.text(campaign)])
        #expect(clock.duration(to: .now) < .seconds(10 * Sanitizer.slowness))

        try await Task.sleep(for: .seconds(2))
        #expect(try await stage.count("dial_attempts where campaign_id = $1::uuid", [.text(campaign)]) == 1)
        await agent.shutdown()
    }

    @Test func `who asks to be left alone while it rings is not connected`() async throws {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let stage = try await stage(agent) { _ in .answers(afterMs: 60_000, script: nil) }
        let place = try PlacedCalls.stem()
        let person = try await contact(stage, "Anna", place + "1", agrees: true)
        let campaign = try await start(stage, [person])
        _ = try await wait(
            stage, "it rings", "select from dial_attempts where state = 'ringing' and campaign_id is not null")

        _ = try await ask(
            stage, "POST", "/api/v1/contacts/\(person)/do-not-contact", #"{"reason":"never","source":"letter"}"#)

        let out = try await enrolment(stage, person, "opted_out")
        #expect(try out.text("reason") == "left_alone")
        #expect(
            try await stage.count(
                "dial_attempts where campaign_id = $1::uuid and answered_at is null and state = 'ended'",
                [.text(campaign)]) == 1)
        await agent.shutdown()
    }

    /// More numbers to call from, each of which may begin three calls a minute: as a campaign's `caller_ids`.
    private func callerIDs(_ stage: Stage, _ count: Int) async throws -> String {
        let made = try await stage.database.rows(
            """
            insert into phone_numbers (tenant_id, number, profile_id)
            select $1, '+1555020020' || n, p.id from (select id from profiles limit 1) p, generate_series(1, $2::integer) n
            returning number
            """, [.uuid(TenantID.initial.uuid), .int(count)])
        return try made.map { "\"\(try $0.text("number"))\"" }.joined(separator: ",")
    }

    @Test func `beside a campaign at its ceiling callers get through as soon as ever`()
        async throws
    {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let holds = try Stage.caller(
            "holds", [.waitForAgent(silenceMs: 700, timeoutMs: 60_000), .staySilent(ms: 120_000), .hangUp])
        let stage = try await stage(
            agent, settings: ["PARLEY_CALLS_MAX": "5", "PARLEY_INBOUND_CALLS_PERCENT": "40"]
        ) { number in
            number.hasSuffix("9") ? .busy : .answers(afterMs: 300, script: holds)
        }
        let numbers = try await callerIDs(stage, 2)
        let rings = try Stage.caller("rings", [.waitForAgent(silenceMs: 300, timeoutMs: 60_000), .hangUp])
        let alone = try #require(try await stage.carrier.placeCall(script: rings).pickupToFirstAudioMs)
        let place = try PlacedCalls.stem()
        var people: [String] = []
        for digit in 1...6 {
            people.append(try await contact(stage, "Person \(digit)", place + "\(digit)", agrees: true))
        }

        _ = try await start(stage, people, #","pace":{"calls_max":10},"caller_ids":[\#(numbers)]"#)
        _ = try await wait(
            stage, "three are on the line",
            "select from dial_attempts where state = 'in_call' and campaign_id is not null having count(*) = 3")
        let stays = try Stage.caller(
            "stays", [.waitForAgent(silenceMs: 300, timeoutMs: 60_000), .staySilent(ms: 5_000), .hangUp])
        async let first = stage.carrier.placeCall(from: "+14155550102", script: stays)
        async let second = stage.carrier.placeCall(from: "+14155550103", script: stays)
        let callers = try await [first, second]

        for caller in callers {
            #expect(caller.streamSids.count == 1, "\(caller.events)")
            let waited = try #require(caller.pickupToFirstAudioMs)
            #expect(waited < max(1_000, 3 * alone) * Sanitizer.slowness, "\(waited) ms, \(alone) ms without a campaign")
        }
        #expect(
            try await stage.count("dial_attempts where campaign_id is not null") == 3,
            "nobody is asked for who cannot be talked to")
        await agent.shutdown()
    }

    @Test func `who answers hears the first word at once, call after call`() async throws {
        let agent = try ScriptedAgent([ScriptedAgent.Part()])
        let person = try Stage.script("callee-person")
        let stage = try await stage(agent) { number in
            number.hasSuffix("9") ? .busy : .answers(afterMs: 384, script: person)
        }
        let numbers = try await callerIDs(stage, 9)
        let place = try PlacedCalls.stem()
        var people: [String] = []
        for digits in 10...29 where digits % 10 != 9 {
            people.append(
                try await contact(stage, "Person \(digits)", place.dropLast() + "\(digits)", agrees: true))
        }

        _ = try await start(stage, people, #","pace":{"calls_max":6},"caller_ids":[\#(numbers)]"#)
        for person in people { _ = try await enrolment(stage, person, "completed") }

        let attempts = try await stage.database.rows(
            "select carrier_call_sid, first_word_ms_after_greeting from dial_attempts where campaign_id is not null")
        var waits: [Int] = []
        for attempt in attempts {
            let report = try #require(
                await stage.carrier.outboundReport(callSid: try attempt.text("carrier_call_sid")))
            waits.append(try #require(report.pickupToFirstAudioMs))
            #expect(try attempt.int("first_word_ms_after_greeting") < 2_000 * Sanitizer.slowness)
        }
        waits.sort()
        let p95 = waits[(waits.count * 95 + 99) / 100 - 1]
        print(
            "From a person's answer to the first word: \(waits.count) calls, p95 \(p95) ms, most \(waits.last ?? 0) ms")
        #expect(waits.count == people.count && p95 < 2_000 * Sanitizer.slowness)
        await agent.shutdown()
    }
}
