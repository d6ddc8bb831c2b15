import API
import Endpoints
import Foundation
import Gateway
import SimulatedCarrier
import Synchronization
import WebSocketTransport

/// The demo's campaign: three people, of whom one has agreed to nothing, one is out and has a mailbox, and one asks to be left alone.
/// What it takes is asked of the API, and the gate decides by their clocks.
struct OutboundScene: Sendable {
    struct Person: Sendable {
        /// The last digit of their number.
        var digit: Int
        var name: String
        /// Who answers; nil: nobody is ever asked.
        var script: String?
        /// How the campaign ends for them, and why.
        var status: String
        var reason: String
        var isMailbox = false
    }

    static let people = [
        Person(digit: 1, name: "Carla Mills", status: "refused", reason: "consent_missing"),
        Person(
            digit: 2, name: "Robert Wilson", script: "callee-voicemail", status: "completed", reason: "voicemail_left",
            isMailbox: true),
        Person(digit: 3, name: "Steve Cook", script: "callee-stops", status: "opted_out", reason: "left_alone"),
    ]

    private static let ringsForMs = 1_200
    private static let message = "This is the AI assistant of {{company}}. Please call us back. Goodbye."
    private static let secondsMax = 90

    static func callees(in place: AwakePlace, _ files: CallerFiles) throws -> @Sendable (String) -> Callee {
        var callees: [String: Callee] = [:]
        for person in people {
            guard let name = person.script else { continue }
            let script = try CallerScript.load(named: name, from: files)
            callees[place.number(person.digit)] =
                person.isMailbox
                ? .machine(afterMs: ringsForMs, script: script) : .answers(afterMs: ringsForMs, script: script)
        }
        return { [callees] number in callees[number] ?? .noAnswer }
    }

    private let stage: DemoStage
    private let screen: CallScreen
    private let api: GatewayAPI
    private let calls = CallsOfPeople()

    init(_ stage: DemoStage, _ screen: CallScreen) {
        self.stage = stage
        self.screen = screen
        api = GatewayAPI(url: stage.gateway.publicURL, token: stage.adminToken)
    }

    /// - Returns: what is not as it should be.
    func play(savingTo folder: String?) async throws -> [String] {
        print("\nNow Parley calls: a campaign of three in \(stage.place.title), where it is the time for it.\n")
        await watch()
        let people = try await meet()
        let campaign = try await start(people.map(\.contact))
        guard try await isOver(campaign) else { return ["the campaign was not over after \(Self.secondsMax) s"] }
        var failures: [String] = []
        print("\n  The campaign is over. The CRM has of it:")
        for (person, contact) in people {
            let faults = try await look(at: person, contact, in: campaign, savingTo: folder)
            for fault in faults { print("  ✗ \(fault)") }
            failures += faults.map { "\(person.name): \($0)" }
        }
        if failures.isEmpty { print("  ✓ nobody was called who should not have been, and each call has its receipt") }
        return failures
    }

    // MARK: Before it

    private func meet() async throws -> [(person: Person, contact: String)] {
        let sets = AwakePlace.ruleSets.map { JSONValue.text($0) }
        _ = try await api.ask("PATCH", "/calling-rules", ["sets": .list(sets)])
        var people: [(person: Person, contact: String)] = []
        for person in Self.people {
            let made = try await api.ask(
                "POST", "/contacts",
                ["contact_name": .text(person.name), "phone": .text(stage.place.number(person.digit))])
            guard let contact = made["id"]?.text else { throw GatewayAPI.Refused(text: "the contact has no id") }
            people.append((person, contact))
            guard person.script != nil else { continue }
            _ = try await api.ask(
                "POST", "/consents",
                [
                    "contact_id": .text(contact), "kind": "marketing_voice", "granted": .bool(true),
                    "level": "express_written", "source": "web form",
                    "words": "I agree to calls of an AI voice about telephone systems.",
                ])
        }
        return people
    }

    private func start(_ contacts: [String]) async throws -> String {
        let made = try await api.ask(
            "POST", "/campaigns",
            [
                "name": "Demo",
                "rules": ["on_machine": "leave_message", "voicemail_message": .text(Self.message)],
            ])
        guard let id = made["id"]?.text else { throw GatewayAPI.Refused(text: "the campaign has no id") }
        let ids = JSONValue.list(contacts.map { .text($0) })
        _ = try await api.ask("POST", "/campaigns/\(id)/enroll", ["contact_ids": ids])
        _ = try await api.ask("POST", "/campaigns/\(id)/start", [:])
        return id
    }

    private func isOver(_ campaign: String) async throws -> Bool {
        let end = ContinuousClock.now.advanced(by: .seconds(Self.secondsMax))
        while ContinuousClock.now < end {
            let summary = try await api.ask("GET", "/campaigns/\(campaign)/summary")
            if summary["status"]?.text == "completed" { return true }
            try await Task.sleep(for: .milliseconds(200))
        }
        return false
    }

    // MARK: While it rings

    /// Calls of the campaign on the screen, each line with the name of whom it is to.
    private func watch() async {
        let (stage, screen, calls) = (stage, screen, calls)
        await stage.carrier.watchOutboundCalls { sid, event in
            if event.kind == .initiated {
                let person = Self.people.first { stage.place.number($0.digit) == event.detail }
                let name = String(person?.name.split(separator: " ").first ?? "?").lowercased()
                let watch = LiveWatch(screen, name)
                calls.add(sid, number: event.detail, name, watch)
                try? watch.start(
                    sid, gatewayURL: stage.gateway.publicURL, token: stage.token, stage.loops.leastLoaded())
            }
            screen.show(event, caller: calls.name(of: sid))
            if event.kind == .ended { calls.stopWatching(sid) }
        }
    }

    // MARK: After it

    private func look(
        at person: Person, _ contact: String, in campaign: String, savingTo folder: String?
    ) async throws -> [String] {
        var faults: [String] = []
        func expect(_ holds: Bool, _ fault: @autoclosure () -> String) { if !holds { faults.append(fault()) } }
        let stand = try await api.ask("GET", "/campaigns/\(campaign)/recipients/\(contact)/analytics")
        let (status, reason) = (stand["status"]?.text ?? "–", stand["reason"]?.text ?? "–")
        let number = stage.place.number(person.digit)
        print("\n    \(person.name), \(number): \(status), \(reason.replacing("_", with: " "))")
        expect(status == person.status, "they are \(status), not \(person.status)")
        expect(reason == person.reason, "the reason is \(reason), not \(person.reason)")
        let asked = number.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let receipts = try await api.ask("GET", "/campaigns/\(campaign)/receipts?number=\(asked)")
        let receipt = receipts["data"]?.list?.first
        expect(receipts["data"]?.list?.count == 1, "there is not one receipt")
        if let receipt, let body = receipt["body"]?.text.flatMap({ JSONValue(Array($0.utf8)) }) { show(receipt, body) }
        guard let sid = calls.sid(to: number) else {
            expect(person.script == nil, "nobody was called")
            return faults
        }
        expect(person.script != nil, "they were called without their consent")
        if let report = await stage.carrier.outboundReport(callSid: sid) {
            expect(report.violations.isEmpty, "the gateway broke the carrier's protocol: \(report.violations)")
            if let folder { try report.save(directory: "\(folder)/campaign-\(person.digit)") }
        }
        guard let record = try await record(of: sid) else { return faults + ["the CRM has no record of the call"] }
        record.print()
        if person.isMailbox {
            expect(record.endReason == "voicemail_left", "the call ended as \(record.endReason ?? "–")")
        } else {
            expect(record.outcome == "do_not_call", "the outcome is \(record.outcome ?? "missing"), not do_not_call")
            expect(record.contact?.doNotContact == true, "the contact is not marked do-not-contact")
            let hasWords = record.consents.contains { !$0.granted && $0.words?.isEmpty == false }
            expect(hasWords, "the refusal lacks the words")
        }
        return faults
    }

    private func show(_ receipt: JSONValue, _ body: JSONValue) {
        func row(_ name: String, _ value: String) {
            print("    " + name.padding(toLength: 14, withPad: " ", startingAt: 0) + value)
        }
        let rules = body["verdict"]?["applied"]?.list?.count ?? 0
        let isAllowed = receipt["is_allowed"] == .bool(true)
        row(
            "receipt", "\(receipt["sequence"]?.integer ?? 0), \(isAllowed ? "allowed" : "refused"): \(rules) rules held"
        )
        for refusal in body["verdict"]?["refusals"]?.list ?? [] {
            row("", "\(refusal["rule"]?.text ?? "–"): \(refusal["detail"]?.text ?? "–")")
        }
    }

    /// Written a moment after the call is over.
    private func record(of sid: String) async throws -> View.CallDetail? {
        let runner = CallRunner(
            gatewayURL: stage.gateway.publicURL, token: stage.token, carrier: stage.carrier, loops: stage.loops,
            screen: screen)
        return await runner.record(of: sid)
    }
}

/// Which call is to whom.
private final class CallsOfPeople: Sendable {
    private struct Call {
        var number: String
        var name: String
        var watch: LiveWatch
    }

    private let calls = Mutex<[String: Call]>([:])

    func add(_ sid: String, number: String, _ name: String, _ watch: LiveWatch) {
        calls.withLock { $0[sid] = Call(number: number, name: name, watch: watch) }
    }

    func name(of sid: String) -> String? { calls.withLock { $0[sid]?.name } }
    func sid(to number: String) -> String? { calls.withLock { $0.first { $0.value.number == number }?.key } }
    func stopWatching(_ sid: String) { calls.withLock { $0[sid]?.watch.stop() } }
}
