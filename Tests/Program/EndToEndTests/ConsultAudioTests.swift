import Consult
import Database
import Foundation
import SimulatedCarrier
import Synchronization
import TestSupport
import Testing

/// Consults with recorded callers: real audio to the local agent and real recognition of it, to the rows in the database.
@Suite(.audible) struct ConsultAudioTests {
    private struct Broken: Error {}

    private let question: [CallerScript.Step] = [ConsultCall.listen, .say(ConsultCall.mayWeCall), ConsultCall.listen]
    private let listen = ConsultCall.listen

    @Test func `a spoken yes brings the answer into the caller's ear`() async throws {
        let record = try await ConsultCall(
            steps: ConsultCall.agreed, asker: StagedSpecialists.answering
        ).play()

        #expect(try record.endings() == ["delivered"], "\(record.story)")
        #expect(try record.consents.map { try $0.text("words") } == ["yes please"])
        #expect(record.transcript.contains("Here it is. "), "\(record.story)")
        let consult = try #require(record.consults.first)
        let (agreedMs, spokenMs) = (try consult.int("agreed_ms"), try consult.int("spoken_ms"))
        #expect(agreedMs < spokenMs)
        #expect(try spokenMs < consult.int("heard_ms"))
    }

    @Test func `a spoken no asks nobody`() async throws {
        let asked = Mutex(0)
        let record = try await ConsultCall(
            steps: question + [.say("awb/no-thank-you.ulaw"), listen],
            asker: StagedSpecialists { _, _, _ in
                asked.withLock { $0 += 1 }
                return StagedSpecialists.inTheEvening
            }
        ).play()

        #expect(try record.endings() == ["declined"], "\(record.story)")
        #expect(try record.decisions() == ["no"])
        #expect(record.answers.isEmpty && record.billed == 0)
        #expect(asked.withLock { $0 } == 0)
        #expect(record.transcript.contains("The quick answer then."), "\(record.story)")
    }

    @Test func `two unclear replies are a no`() async throws {
        let record = try await ConsultCall(
            steps: question + [.say("awb/maybe.ulaw"), listen, .say("awb/not-sure.ulaw"), listen],
            asker: StagedSpecialists.answering
        ).play()

        #expect(try record.endings() == ["unclear"], "\(record.story)")
        #expect(try record.decisions() == ["unclear", "unclear"])
        #expect(record.transcript.contains("yes or no?") && record.answers.isEmpty)
    }

    @Test func `a caller who says nothing is asked once more and then left alone`() async throws {
        let record = try await ConsultCall(
            steps: question + [listen, listen], asker: StagedSpecialists.answering, limits: #"{"answerWithinMs": 2000}"#
        ).play()

        #expect(try record.endings() == ["noReply"], "\(record.story)")
        #expect(try record.decisions() == ["unclear", "unclear"])
        #expect(record.answers.isEmpty && record.billed == 0)
    }

    @Test func `a caller on hold calls it off`() async throws {
        let record = try await ConsultCall(
            steps: ConsultCall.agreed + [.say("rms/never-mind.ulaw"), listen], asker: StagedSpecialists.stalling
        ).play()

        #expect(try record.endings() == ["cancelled"], "\(record.story)")
        #expect(try record.decisions() == ["yes", "no"], "\(record.story)")
        #expect(record.transcript.contains("I have called that off."), "\(record.story)")
        #expect(try record.consults.first?.bool("delivered") == false)
    }

    @Test func `a caller who hangs up on hold leaves one consult that ended so`() async throws {
        let record = try await ConsultCall(steps: ConsultCall.agreed, asker: StagedSpecialists.stalling).play()

        #expect(record.endReason == "caller_hangup")
        #expect(try record.endings() == ["hungUp"], "\(record.story)")
        #expect(try record.decisions() == ["yes"])
    }

    @Test func `a specialist who is late is left out of what is heard`() async throws {
        let record = try await ConsultCall(
            steps: ConsultCall.agreed(to: "rms/call-and-record.ulaw"),
            asker: StagedSpecialists.one { try await Task.sleep(for: .seconds(60)) },
            limits: #"{"specialistMs": 1500, "specialistsMax": 2}"#
        ).play()

        #expect(try record.endings() == ["delivered"], "\(record.story)")
        #expect(Set(try record.outcomes()) == ["late", "answered"])
        #expect(record.transcript.contains("until nine"), "\(record.story)")
    }

    @Test func `a specialist who fails is left out of what is heard`() async throws {
        let record = try await ConsultCall(
            steps: ConsultCall.agreed(to: "rms/call-and-record.ulaw"), asker: StagedSpecialists.one { throw Broken() },
            limits: #"{"specialistsMax": 2}"#
        ).play()

        #expect(try record.endings() == ["delivered"], "\(record.story)")
        #expect(Set(try record.outcomes()) == ["failed", "answered"])
    }

    @Test func `when all fail the caller hears of a call back, which is noted`() async throws {
        let record = try await ConsultCall(
            steps: ConsultCall.agreed, asker: StagedSpecialists { _, _, _ in throw Broken() }
        ).play()

        #expect(try record.endings() == ["allFailed"], "\(record.story)")
        #expect(record.transcript.contains("Somebody calls you back."), "\(record.story)")
        #expect(record.followUps.count == 1)
    }

    @Test func `a language model that is down leaves the answer to the files`() async throws {
        let port = try HeldPort.take()
        let record = try await answeredFromFiles("http://127.0.0.1:\(port)/v1")

        #expect(try record.outcomes().contains("answered"))
    }

    @Test func `a language model that stalls is given up within the limits, and the files answer`() async throws {
        let stub = try ChatStub(.stalls)
        let record = try await answeredFromFiles(stub.url)

        #expect(stub.requestCount > 0)
        #expect(try record.outcomes().contains("answered"))
        #expect(try record.answers.allSatisfy { try $0.int("took_ms") < 30_000 })
        await stub.stop()
    }

    @Test func `a language model that talks nonsense is not believed, and the files answer`() async throws {
        let stub = try ChatStub(.talksNonsense)
        let record = try await answeredFromFiles(stub.url)

        #expect(stub.requestCount > 0)
        #expect(try record.outcomes().contains("answered"))
        #expect(!record.transcript.contains("html") && !record.transcript.contains("choices"))
        await stub.stop()
    }

    /// The answer from the files is long: the caller thanks for it when enough was heard.
    private func answeredFromFiles(_ url: String) async throws -> ConsultScene.Record {
        let record = try await ConsultCall(
            steps: [
                listen, .say(ConsultCall.mayWeCall), listen, .say(ConsultCall.yes), .interrupt(afterMs: 5_000),
                .say("rms/that-helps.ulaw"), listen,
            ], limits: #"{"specialistMs": 4000, "specialistsMax": 2}"#,
            settings: ["PARLEY_LLM_URL": url]
        ).play()
        #expect(Set(["delivered", "deliveredPartly"]).isSuperset(of: try record.endings()), "\(record.story)")
        #expect(record.consults.count == 1)
        #expect(record.transcript.contains("Here it is."), "\(record.story)")
        return record
    }

    @Test func `a yes taken back before anything was sent sends nothing`() async throws {
        let sent = Mutex(0)
        let record = try await ConsultCall(
            steps: ConsultCall.agreed + [.say("rms/actually-no.ulaw"), listen],
            asker: StagedSpecialists { _, question, grant in
                for _ in 0..<600 where !grant.isWithdrawn { try? await Task.sleep(for: .milliseconds(50)) }
                try grant.check(for: question)
                sent.withLock { $0 += 1 }
                return StagedSpecialists.inTheEvening
            }
        ).play()

        #expect(["withdrawn", "cancelled"].contains(try record.endings().first), "\(record.story)")
        #expect(try record.decisions() == ["yes", "no"], "\(record.story)")
        #expect(try record.consents.last?.text("source") == "withdrawal")
        #expect(sent.withLock { $0 } == 0)
    }

    @Test func `two spoken questions are two consults`() async throws {
        let record = try await ConsultCall(
            steps: ConsultCall.agreed + [
                .say("rms/record-our-calls.ulaw"), listen, .say("rms/no.ulaw"), listen,
            ],
            asker: StagedSpecialists.answering
        ).play()

        #expect(try record.endings() == ["delivered", "declined"], "\(record.story)")
        #expect(try record.decisions() == ["yes", "no"], "\(record.story)")
        #expect(record.billed == 1)
    }

    @Test func `a consult outlives the line to the agent, which breaks at its hold phrase`() async throws {
        let relay = try await AgentRelay(cuttingAt: "Asking them now.")
        let record = try await ConsultCall(
            steps: ConsultCall.agreed,
            asker: StagedSpecialists { _, _, _ in
                for _ in 0..<600 where relay.connectionCount < 2 { try await Task.sleep(for: .milliseconds(50)) }
                return StagedSpecialists.inTheEvening
            }, agentURL: relay.url
        ).play()

        #expect(relay.connectionCount == 2)
        #expect(try record.endings() == ["delivered"], "\(record.story)")
        #expect(record.transcript.contains("until nine"), "\(record.story)")
        await relay.shutdown()
    }

    @Test func `a caller who speaks on hold is heard and answered, and the consult goes on`() async throws {
        let overheard = Overheard()
        let record = try await ConsultCall(
            steps: ConsultCall.agreed + [.say("rms/how-long.ulaw"), listen],
            asker: StagedSpecialists { _, _, _ in
                try await overheard.until("I am here, please wait.")
                return StagedSpecialists.inTheEvening
            }, overheard: overheard
        ).play()

        #expect(try record.endings() == ["delivered"], "\(record.story)")
        #expect(record.transcript.contains("how long does it take"), "\(record.story)")
        #expect(record.transcript.contains("I am here, please wait."), "\(record.story)")
    }

    @Test func `key 0 on hold reaches a person and takes the consent back`() async throws {
        let record = try await ConsultCall(
            steps: ConsultCall.agreed + [.press("0"), .staySilent(ms: 60_000)], asker: StagedSpecialists.stalling
        ).play()

        #expect(try record.endings() == ["keyPressed"], "\(record.story)")
        #expect(try record.decisions() == ["yes", "no"], "\(record.story)")
        #expect(try record.consents.last?.text("source") == "withdrawal")
        #expect(record.endReason == "transferred")
    }
}
