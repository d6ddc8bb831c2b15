import Foundation
import Gateway
import SimulatedCarrier

enum DemoCommand: Command {
    static let name = "demo"
    static let summary =
        "the whole thing on this machine: four callers, a campaign, real audio, and what the CRM then holds"
    static let options = [
        Option("--once", nil, "end after the calls; exit 0 only if all records are right"),
        Option("--save", "FOLDER", "keep both sides' audio of each call"),
        Option("--data", "FOLDER", "where the demo keeps its database and journals; default ./var/demo, emptied first"),
        Option("--fixtures", "FOLDER", "callers and recordings, instead of those built in"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let callers = CallerFiles(arguments.text("--fixtures"))
        let data = arguments.text("--data") ?? "./var/demo"
        print("Parley demo: a gateway, a speech agent, a carrier and a PostgreSQL of its own, all on this machine.")
        fflush(nil)
        let stage = try await DemoStage.build(dataDirectory: data, callers: callers)
        print("  gateway       \(stage.gateway.publicURL)")
        print("  speech agent  in this process: PocketSphinx recognition, flite synthesis, Deepgram's protocol")
        print("  carrier       simulated: Twilio's webhooks, media streams and REST API on loopback")
        print("  database      PostgreSQL under \(data)\n")
        let code: ExitCode
        do {
            code = try await play(stage, callers, arguments)
        } catch {
            await stage.strike()
            throw error
        }
        if !arguments.has("--once") {
            print("\nThe console stays up: \(stage.gateway.publicURL)/#token=\(stage.adminToken)")
            print("Call it yourself:      \(stage.gateway.publicURL)/#token=\(stage.adminToken)&page=call-me")
            print("End with Ctrl-C.")
            fflush(nil)
            await Signals.untilAskedToStop()
        }
        await stage.strike()
        return code
    }

    /// All callers ring at once: each line names its caller. The records follow when all have hung up.
    private static func play(_ stage: DemoStage, _ callers: CallerFiles, _ arguments: Arguments) async throws
        -> ExitCode
    {
        for scene in DemoScene.all {
            print("  \(scene.who.padding(toLength: 8, withPad: " ", startingAt: 0)) \(scene.title)")
        }
        print("\nAll four ring now; the longest call takes about 85 seconds.\n")
        let screen = CallScreen()
        let outcomes = try await withThrowingTaskGroup(of: (String, CallRunner.Outcome).self) { group in
            for scene in DemoScene.all {
                let script = try CallerScript.load(named: scene.script, from: callers)
                let runner = CallRunner(
                    gatewayURL: stage.gateway.publicURL, token: stage.token, carrier: stage.carrier, loops: stage.loops,
                    screen: screen, name: scene.who)
                group.addTask { (scene.script, try await runner.run(script)) }
            }
            var outcomes: [String: CallRunner.Outcome] = [:]
            for try await (script, outcome) in group { outcomes[script] = outcome }
            return outcomes
        }
        var failures: [String] = []
        for scene in DemoScene.all {
            guard let outcome = outcomes[scene.script] else { continue }
            print("\n\(scene.title)")
            if let folder = arguments.text("--save") { try outcome.report.save(directory: "\(folder)/\(scene.script)") }
            if let record = outcome.record {
                print("\n  The CRM now holds:")
                record.print()
            }
            EarTable.print(outcome)
            let wrong = scene.faults(outcome)
            for fault in wrong { print("  ✗ \(fault)") }
            if wrong.isEmpty { print("  ✓ the record is right") }
            failures += wrong.map { "\(scene.who): \($0)" }
        }
        failures += try await OutboundScene(stage, screen).play(savingTo: arguments.text("--save"))
        print("")
        guard failures.isEmpty else {
            print("\(failures.count) thing\(failures.count == 1 ? " is" : "s are") not as it should be:")
            for failure in failures { print("  \(failure)") }
            return .failed
        }
        print("All \(DemoScene.all.count + OutboundScene.people.count) records are right.")
        return .done
    }
}
