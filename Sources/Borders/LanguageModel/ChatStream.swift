package import Foundation

/// The text of a streamed chat completion, put together from its events. Also reads the answer of a server that does not
/// stream although asked to.
package struct ChatStream {
    private(set) var text = ""
    /// `[DONE]` came, or the server said why it stopped: nothing more is needed.
    package private(set) var isDone = false
    private var parser = EventStreamParser()
    private var finish: String?
    private var refusal = ""
    private var failure: LLMError?
    private var hasEvents = false

    private struct Chunk: Decodable {
        struct Choice: Decodable {
            struct Delta: Decodable {
                var content: String?
                var refusal: String?
            }
            var delta: Delta?
            var message: Delta?
            var finish_reason: String?
        }
        struct Failure: Decodable { var code: String? }
        var choices: [Choice]?
        var error: Failure?
    }

    package init() {}

    /// The whole text of a body, streamed or not.
    package static func text(of body: Data) throws(LLMError) -> String {
        var stream = ChatStream()
        if body.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
            stream.read(String(decoding: body, as: UTF8.self), name: "message")
        } else {
            stream.take(body)
            if let last = stream.parser.finish() { stream.read(last.data, name: last.name) }
        }
        return try stream.result()
    }

    package mutating func take(_ bytes: some Sequence<UInt8>) {
        for event in parser.take(bytes) where !isDone { read(event.data, name: event.name) }
    }

    private mutating func read(_ data: String, name: String) {
        hasEvents = true
        if data == "[DONE]" {
            isDone = true
            return
        }
        guard let chunk = try? JSONDecoder().decode(Chunk.self, from: Data(data.utf8)) else {
            failure =
                name == "error" ? .notAnAnswer("an error in the stream") : .notAnAnswer("a chunk that is not JSON")
            isDone = true
            return
        }
        if chunk.error != nil || name == "error" {
            failure = .notAnAnswer("an error in the stream")
            isDone = true
            return
        }
        guard let choice = chunk.choices?.first else { return }
        let piece = choice.delta ?? choice.message
        text += piece?.content ?? ""
        refusal += piece?.refusal ?? ""
        if let reason = choice.finish_reason {
            finish = reason
            isDone = true
        }
    }

    private func result() throws(LLMError) -> String {
        if let failure { throw failure }
        guard hasEvents else { throw .notAnAnswer("not a chat completion") }
        guard refusal.isEmpty else { throw .notAnAnswer("the model refused") }
        guard finish != "length" else { throw .notAnAnswer("cut off at the token limit") }
        guard finish != "content_filter" else { throw .notAnAnswer("stopped by the content filter") }
        guard finish != nil || isDone else { throw .notAnAnswer("the stream broke off") }
        return text
    }
}
