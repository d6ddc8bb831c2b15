import Glibc
import Testing

@testable import Encoding
@testable import SpeechAgent

/// What an agent may send at most, and what becomes of more.
@Suite struct AgentBoundsTests {
    private static func object(fields: Int) -> String {
        "{" + (0..<fields).map { "\"k\($0)\":10" }.joined(separator: ",") + "}"
    }

    /// Of this thread's own processor time: what others do on the machine does not count.
    private static func seconds(_ work: () throws -> Void) rethrows -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let began = now()
        try work()
        return now() - began
    }

    @Test func `a message of 250 KB with 22,000 keys is refused in no time`() {
        let text = Array(("{\"type\":\"History\"," + Self.object(fields: 22_000).dropFirst()).utf8)

        let seconds = Self.seconds {
            #expect(throws: AgentDecodeError.self) { try DeepgramServerMessage(decoding: text) }
            #expect(throws: AgentDecodeError.self) { try DeepgramClientMessage(decoding: text) }
        }

        #expect(text.count > 250_000 && text.count < AgentDecodeError.messageBytesMax)
        #expect(seconds < 1, "\(seconds) s, in a debug build on a busy machine")
    }

    @Test func `more values than are read are told apart from what is no JSON`() throws {
        let most = "[" + String(repeating: "0,", count: WireJSON.valuesMax - 2) + "0]"

        #expect(try WireJSON(parsing: most).array?.count == WireJSON.valuesMax - 1)
        let tooMuch = "[0," + most.dropFirst()
        #expect(throws: WireJSONError(offset: tooMuch.utf8.count - 2, isTooMuch: true)) {
            try WireJSON(parsing: tooMuch)
        }
        #expect(throws: WireJSONError.self) { try WireJSON(parsing: String(repeating: "9", count: 65)) }
        #expect(AgentDecodeError.tooManyValues(offset: 7).description.contains("4096 values"))
    }

    @Test func `the time for an object grows with its fields and not with their square`() throws {
        func best(_ fields: Int) throws -> Double {
            let text = Array(Self.object(fields: fields).utf8)
            return try (0..<5).map { _ in
                try Self.seconds {
                    let object = try #require(try WireJSON(parsing: text).object)
                    for index in 0..<fields { #expect(object["k\(index)"] != nil) }
                }
            }.min() ?? 0
        }

        let (few, many) = (try best(250), try best(4_000))

        #expect(many < few * 16 * 6, "\(few) s for 250 fields, \(many) s for 4,000")
    }

    @Test func `fields are found, replaced and removed the same, be they few or many`() {
        var random = InterleavingTests.SplitMix(state: 3)
        for keys in [8, 40, 400] {
            var object = WireObject()
            var known: [String: Int] = [:]
            for step in 0..<2_000 {
                let key = "k\(Int.random(in: 0..<keys, using: &random))"
                if Int.random(in: 0..<3, using: &random) == 0 {
                    object[key] = nil
                    known[key] = nil
                } else {
                    object[key] = .integer(step)
                    known[key] = step
                }
                let other = "k\(Int.random(in: 0..<keys, using: &random))"
                #expect(object[other]?.integer == known[other])
            }
            #expect(object.fields.count == known.count)
            #expect(object.fields.allSatisfy { known[$0.key] == $0.value.integer })
        }
    }

    @Test func `texts of the agent are cut to their bounds, between characters`() throws {
        let long = String(repeating: "é", count: 60_000)
        func decoded(_ message: DeepgramServerMessage) throws -> DeepgramServerMessage {
            try DeepgramServerMessage(decoding: Array(message.encoded().utf8))
        }
        let text = String(repeating: "é", count: DeepgramServerMessage.textBytesMax / 2)
        let note = String(repeating: "é", count: DeepgramServerMessage.noteBytesMax / 2)
        let word = String(repeating: "é", count: DeepgramServerMessage.wordBytesMax / 2)

        #expect(try decoded(.conversationText(.assistant, long)) == .conversationText(.assistant, text))
        #expect(try decoded(.conversationText(.user, "a" + long)) == .conversationText(.user, "a" + text.dropLast()))
        #expect(try decoded(.warning(code: long, description: long)) == .warning(code: word, description: note))
        #expect(try decoded(.error(code: long, description: long)) == .error(code: word, description: note))
        #expect(try decoded(.injectionRefused(long)) == .injectionRefused(note))
        #expect(try decoded(.agentThinking(long)) == .agentThinking(note))
        #expect(try decoded(.endOfTurn(trigger: long)) == .endOfTurn(trigger: word))
        #expect(try decoded(.welcome(requestID: long)) == .welcome(requestID: word))
        #expect(try decoded(.unknown(type: long)) == .unknown(type: word))
    }

    @Test func `arguments over their bound are refused at once, with an answer that says so`() throws {
        var driver = SessionDriver.ready()
        let most = "{\"notes\":\"" + String(repeating: "x", count: AgentToolCall.argumentsBytesMax - 12) + "\"}"
        func request(_ id: String, _ arguments: String) {
            driver.receive(
                .functionCallRequest([
                    .init(id: id, name: "update_qualification", arguments: arguments, clientSide: true)
                ]))
        }

        request("fits", most)
        request("long", most + " ")
        driver.receive(
            "{\"type\":\"FunctionCallRequest\",\"functions\":[{\"id\":\"object\",\"name\":\"end_call\",\"arguments\":\(most + " ")}]}"
                .replacing("xxx", with: "\\u0078xx"))
        request(String(repeating: "i", count: DeepgramServerMessage.callIDBytesMax + 1), "{}")

        let calls = driver.events.compactMap { if case .toolCall(let call) = $0 { call.id } else { nil } }
        #expect(calls == ["fits", "object"])
        #expect(driver.responses(to: "fits") == 0)
        #expect(driver.responses(to: "long") == 1)
        let refusals = driver.sent.filter { $0.contains("FunctionCallResponse") }
        #expect(refusals.count == 2)
        #expect(refusals.first?.contains("16385 bytes and at most 16384 are taken") == true)
        #expect(refusals.last?.contains("id is longer than 256 bytes") == true)
        #expect(driver.session.history.isEmpty && driver.session.isReady)
    }

    @Test func `a request for more functions than are read is no request`() {
        var driver = SessionDriver.ready()
        let one = DeepgramServerMessage.FunctionCall(id: nil, name: "end_call", arguments: "{}", clientSide: true)

        driver.receive(
            .functionCallRequest(Array(repeating: one, count: DeepgramServerMessage.callsMax + 1)))

        #expect(driver.sent.count == 1)
        #expect(
            driver.events.last
                == .warning(
                    code: "UNREADABLE_MESSAGE", text: AgentDecodeError.badValue(path: "functions").description))
    }

    @Test func `an agent that talks without end leaves a conversation that the next one can take`() {
        var driver = SessionDriver.ready()
        for _ in 0..<400 { driver.receive(.conversationText(.assistant, String(repeating: "on ", count: 1_000))) }

        let bytes = driver.session.history.reduce(0) {
            if case .said(_, let text) = $1 { $0 + text.utf8.count } else { $0 }
        }
        #expect(bytes <= AgentSettings.historyCharactersMax + DeepgramServerMessage.textBytesMax)
        #expect(bytes > AgentSettings.historyCharactersMax / 2)
    }
}
