import CallModel
import Encoding

extension JournalLine {
    /// What the general encoder makes of a turn, at a tenth of its cost: nine of ten lines are turns. Nil
    /// where a character needs an escape; the encoder then writes the turn.
    static func json(_ turn: Turn) -> [UInt8]? {
        guard let heardText = unescaped(turn.heardText), let text = unescaped(turn.text) else { return nil }
        var json: [UInt8] = []
        json.reserveCapacity(heardText.count + text.count + 160)
        json += #"{"turn":{"endedMs":\#(turn.endedMs),"heardText":""#.utf8
        json += heardText
        json += #"","interrupted":\#(turn.interrupted),"number":\#(turn.number),"speaker":""#.utf8
        json += #"\#(turn.speaker.rawValue)","startedMs":\#(turn.startedMs),"text":""#.utf8
        json += text
        json += #""}}"#.utf8
        return json
    }

    private static func unescaped(_ text: String) -> String.UTF8View? {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        return isPlain ? text.utf8 : nil
    }

    /// A turn as ``encode(_:)`` writes it, read without a general JSON decoder. Nil for every other entry and spelling, an
    /// escaped character included; the decoder then reads the line.
    static func turn(_ json: ArraySlice<UInt8>) -> Turn? {
        json.withUnsafeBufferPointer { bytes in
            var cursor = Cursor(bytes: bytes)
            guard cursor.take(#"{"turn":{"endedMs":"#), let endedMs = cursor.integer(),
                cursor.take(#","heardText":""#), let heardText = cursor.string(),
                cursor.take(#","interrupted":"#), let interrupted = cursor.bool(),
                cursor.take(#","number":"#), let number = cursor.integer(),
                cursor.take(#","speaker":""#), let speaker = cursor.string().flatMap(Speaker.init),
                cursor.take(#","startedMs":"#), let startedMs = cursor.integer(),
                cursor.take(#","text":""#), let text = cursor.string(), cursor.take("}}"), cursor.isAtEnd
            else { return nil }
            return Turn(
                number: number, speaker: speaker, startedMs: startedMs, endedMs: endedMs, text: text,
                interrupted: interrupted, heardText: heardText)
        }
    }

    private struct Cursor {
        let bytes: UnsafeBufferPointer<UInt8>
        private var at = 0

        init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        var isAtEnd: Bool { at == bytes.count }

        mutating func take(_ literal: StaticString) -> Bool {
            let count = literal.utf8CodeUnitCount
            guard bytes.count - at >= count else { return false }
            for index in 0..<count where bytes[at + index] != literal.utf8Start[index] { return false }
            at += count
            return true
        }

        mutating func integer() -> Int? {
            let start = at
            if at < bytes.count, bytes[at] == UInt8(ascii: "-") { at += 1 }
            let first = at
            while at < bytes.count, at - first < 18, bytes[at].isASCIIDigit { at += 1 }
            guard at > first, bytes[first] != 0x30 || at == first + 1 else { return nil }
            return Int(String(decoding: bytes[start..<at], as: UTF8.self))
        }

        mutating func bool() -> Bool? { take("true") ? true : take("false") ? false : nil }

        /// Up to and past the closing quote.
        mutating func string() -> String? {
            let start = at
            while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
                guard bytes[at] >= 0x20, bytes[at] != UInt8(ascii: "\\") else { return nil }
                at += 1
            }
            guard at < bytes.count else { return nil }
            defer { at += 1 }
            return String(validating: bytes[start..<at], as: UTF8.self)
        }
    }
}
