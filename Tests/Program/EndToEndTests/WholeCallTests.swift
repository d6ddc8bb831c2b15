import AudioCore
import CallModel
import Database
import Foundation
import Gateway
import SimulatedCarrier
import TestSupport
import Testing

/// Whole calls, ring to CRM row, with the local agent and recorded callers.
@Suite(.leading) struct WholeCallTests {
    @Test func `hanging up at any moment leaves exactly one finished record`() async throws {
        let stage = try await Stage.build()
        let caller = try Stage.script("qualified")
        let moments = [0, 5, 15, 30, 60, 120, 250, 500, 1_000, 2_000, 4_000, 7_000, 9_000, 12_000, 16_000]

        try await withThrowingTaskGroup(of: SimulatedCallReport.self) { group in
            for (index, ms) in moments.enumerated() {
                group.addTask {
                    var options = CallOptions()
                    options.hangUpAfterMs = ms
                    return try await stage.carrier.placeCall(
                        from: "+1415555\(1000 + index)", script: caller, options: options)
                }
            }
            for try await report in group {
                guard !report.twiml.isEmpty else { continue }
                let call = try await stage.finalizedCall(report.callSid)
                #expect(call != nil, "no record of a call that hung up after \(report.durationMs) ms")
            }
        }

        #expect(try await stage.count("calls where finalized_at is null") == 0)
        #expect(try await stage.count("(select carrier_call_sid from calls group by 1 having count(*) > 1) x") == 0)
        #expect(try await stage.count("usage_records where kind = 'call' and quantity <> 1") == 0)
        for _ in 0..<1_200 where stage.gateway.callCount > 0 { try await Task.sleep(for: .milliseconds(50)) }
        #expect(stage.gateway.callCount == 0, "calls that nobody ends")
        await stage.strike()
    }

    @Test func `a qualified caller is on record with BANT, meeting and score`() async throws {
        let stage = try await Stage.build()

        let report = try await stage.carrier.placeCall(script: try Stage.script("qualified"))

        let call = try #require(try await stage.finalizedCall(report.callSid))
        #expect(report.status == "completed")
        #expect(report.violations.isEmpty)
        #expect(try call.text("outcome") == "meeting_booked")
        let lead = try #require(try await stage.database.rows("select * from leads").first)
        #expect(try lead.text("budget") == "high")
        #expect(try lead.text("authority") == "yes")
        #expect(try lead.text("need") == "urgent")
        #expect(try lead.text("timeline") == "this_month")
        #expect(try lead.text("contact_person").lowercased() == "john smith")
        #expect(try lead.text("qualification_data").contains("about thirty thousand dollars"))
        #expect(try await stage.count("meetings") == 1)
        #expect(try await stage.count("conversations") >= 12)
        #expect(try await stage.count("usage_records where kind = 'call' and quantity = 1") == 1)
        #expect(report.timings.longestSilenceMs <= 8_000)
        let ear = try Ear(of: call)
        #expect(abs((ear.pickup_to_first_audio_ms ?? 0) - (report.pickupToFirstAudibleMs ?? -1_000)) <= 150)
        #expect(abs(ear.longest_silence_ms - report.timings.longestSilenceMs) <= 400)
        let waits = ear.responses.map { $0.first_audio_ms - $0.caller_ended_ms }
        for answer in report.timings.answers {
            guard let heardAfterMs = answer.answeredAfterMs else { continue }
            let apart = waits.map { abs($0 - heardAfterMs) }.min() ?? .max
            #expect(apart <= 400, "\(heardAfterMs) ms to the answer, but on record \(waits)")
        }
        await stage.strike()
    }

    @Test func `a caller who interrupts is heard at once, and never hears what was cut`() async throws {
        let stage = try await Stage.build()

        let report = try await stage.carrier.placeCall(script: try Stage.script("vague"))

        let call = try #require(try await stage.finalizedCall(report.callSid))
        let ear = try Ear(of: call)
        let bargeIn = try #require(ear.barge_ins.first)
        #expect(bargeIn.clear_sent_ms - bargeIn.detected_ms <= 20, "a clear within one frame of detection")
        #expect(!report.clears.isEmpty)
        #expect(try await stage.count("conversations where speaker = 'agent' and interrupted") >= 1)
        #expect(!soundsAgain(report))
        await stage.strike()
    }

    @Test func `a caller who opts out is never called again`() async throws {
        let stage = try await Stage.build()

        let report = try await stage.carrier.placeCall(script: try Stage.script("opt-out"))

        let call = try #require(try await stage.finalizedCall(report.callSid))
        #expect(try call.text("outcome") == "do_not_call")
        #expect(try await stage.count("contacts where do_not_contact") == 1)
        #expect(try await stage.count("consents where not granted and kind like 'marketing_%'") == 3)
        #expect(try await stage.count("follow_ups where status = 'Pending'") == 0)
        await stage.strike()
    }

    /// Whether a second of what was discarded is played after the clear.
    private func soundsAgain(_ report: SimulatedCallReport) -> Bool {
        guard let clear = report.clears.first, let discarded = report.discarded.first, discarded.count >= 320 else {
            return false
        }
        let after = report.heard.dropFirst((clear.atMs + 20) * 8)
        let needle = Array(discarded.prefix(320))
        guard needle.contains(where: { $0 & 0x7F < 0x60 }) else { return false }
        return Data(after).range(of: Data(needle)) != nil
    }
}
