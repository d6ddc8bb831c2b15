import Foundation
import TestSupport
import Testing

@testable import SimulatedCarrier

@Suite struct CallerScriptTests {
    static let fixtures = Checkout.path("audio-fixtures")

    private func decode(_ steps: String) throws(CallerScriptError) -> CallerScript {
        try CallerScript(json: Data(#"{"name":"t","steps":[\#(steps)]}"#.utf8))
    }

    @Test func `every committed script loads with its recordings and ends with a hang-up`() throws {
        let names = CallerFiles.folder(Self.fixtures).scripts
        #expect(names.count >= 8)

        for name in names {
            let script = try CallerScript.load(named: name, from: .folder(Self.fixtures))
            #expect(script.name == name)
            #expect(script.steps.last == .hangUp)
            #expect(Set(script.recordingPaths) == Set(script.recordings.keys))
            #expect(script.recordings.keys.allSatisfy { script.texts[$0] != nil })
        }
    }

    @Test func `every kind of step is read`() throws {
        let script = try decode(
            #"""
            {"wait_for_agent":{}},{"wait_for_agent":{"silence_ms":300,"timeout_ms":900}},{"say":"x.ulaw"},{"wait_ms":5},
            {"interrupt_after_ms":1200},{"press":"5#"},{"stay_silent_ms":7},{"answers":["y.ulaw"]},{"hang_up":true}
            """#)

        #expect(
            script.steps == [
                .waitForAgent(silenceMs: 700, timeoutMs: 20_000), .waitForAgent(silenceMs: 300, timeoutMs: 900),
                .say("x.ulaw"), .wait(ms: 5), .interrupt(afterMs: 1_200), .press("5"), .press("#"), .staySilent(ms: 7),
                .waitForAgent(silenceMs: 700, timeoutMs: 20_000), .say("y.ulaw"), .hangUp,
            ])
    }

    @Test func `a tone is said like a recording, and is one`() throws {
        let script = try CallerScript.load(named: "callee-fax", from: .folder(Self.fixtures))
        let audio = try #require(script.recordings["tone 2100 Hz 3000 ms"])

        #expect(script.steps.contains(.say("tone 2100 Hz 3000 ms")))
        #expect(audio.count == 24_000)
    }

    @Test(arguments: [
        #"{"tone":{"hz":50,"ms":400}}"#, #"{"tone":{"hz":1000,"ms":60001}}"#, #"{"tone":{"hz":1000}}"#,
        #"{"shout":"x"}"#, #"{"say":"x","hang_up":true}"#, #"{"wait_ms":-1}"#, #"{"press":"7x"}"#, #"{"say":5}"#, "{}",
        "7",
    ])
    func `a step that is none is refused with its reason`(step: String) {
        #expect(throws: CallerScriptError.self) { try decode(step) }
    }

    @Test(arguments: ["../secret.ulaw", "/etc/passwd", "rms/none.ulaw", "recordings.tsv"])
    func `a recording outside the fixtures, missing or of another kind is refused`(path: String) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("carrier-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("s.json")
        try Data(#"{"name":"s","steps":[{"say":"\#(path)"}]}"#.utf8).write(to: file)

        #expect(throws: CallerScriptError.recordingMissing(script: "s", path: path)) {
            try CallerScript.load(named: file.path, from: .folder(Self.fixtures))
        }
    }
}
