import CRM
import CallModel
import CallReading
import FoundationEssentials

/// A value as JSON in the database: snake_case keys and ISO 8601 dates, as the dashboards read it. Each type names its own
/// keys: a general encoder, which finds them out for each value, was a fifth of the writer's work.
protocol StoredJSON {
    func write(to json: inout JSONWriter)
}

extension StoredJSON {
    var json: String {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.text
    }
}

struct JSONWriter {
    private var bytes: [UInt8] = []
    /// Whether something stands before the next field or element.
    private var isFirst = true

    init() { bytes.reserveCapacity(1_024) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func object(_ fields: (inout JSONWriter) -> Void) { enclosed("{", "}", fields) }

    mutating func array(_ elements: (inout JSONWriter) -> Void) { enclosed("[", "]", elements) }

    /// A field of the object that is being written.
    mutating func add(_ key: StaticString, _ value: some StoredJSON) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: "\":".utf8)
        value.write(to: &self)
    }

    /// What is not there has no field.
    mutating func add(_ key: StaticString, _ value: (some StoredJSON)?) {
        if let value { add(key, value) }
    }

    /// A field whose name is data.
    mutating func add(named key: String, _ value: some StoredJSON) {
        separate()
        quote(key)
        bytes.append(UInt8(ascii: ":"))
        value.write(to: &self)
    }

    /// An element of the array that is being written.
    mutating func add(_ element: some StoredJSON) {
        separate()
        element.write(to: &self)
    }

    /// - Parameter value: JSON as it stands: a number, `true`, `null`.
    fileprivate mutating func literal(_ value: String) { bytes.append(contentsOf: value.utf8) }

    fileprivate mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain { bytes.append(contentsOf: text.utf8) } else { escape(text) }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
            case 0..<0x20:
                bytes.append(contentsOf: (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8)
                bytes.append(contentsOf: String(byte, radix: 16).utf8)
            default: bytes.append(byte)
            }
        }
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func enclosed(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void)
    {
        bytes.append(UInt8(ascii: open))
        isFirst = true
        body(&self)
        isFirst = false
        bytes.append(UInt8(ascii: close))
    }
}

// MARK: - Values

extension String: StoredJSON {
    func write(to json: inout JSONWriter) { json.quote(self) }
}

extension Int: StoredJSON {
    func write(to json: inout JSONWriter) { json.literal(String(self)) }
}

extension Bool: StoredJSON {
    func write(to json: inout JSONWriter) { json.literal(self ? "true" : "false") }
}

extension Double: StoredJSON {
    /// A whole number without a fraction. What JSON has no number for is text: `inf`, `-inf`, `nan`.
    func write(to json: inout JSONWriter) {
        if let whole = Int(exactly: self) { return json.literal(String(whole)) }
        if isFinite { json.literal(String(self)) } else { json.quote(String(self)) }
    }
}

extension Date: StoredJSON {
    func write(to json: inout JSONWriter) { json.quote(formatted(.iso8601)) }
}

extension UUID: StoredJSON {
    func write(to json: inout JSONWriter) { json.quote(uuidString) }
}

extension Array: StoredJSON where Element: StoredJSON {
    func write(to json: inout JSONWriter) { json.array { json in for element in self { json.add(element) } } }
}

extension Dictionary: StoredJSON where Key == String, Value: StoredJSON {
    func write(to json: inout JSONWriter) {
        json.object { json in for (key, value) in self { json.add(named: key, value) } }
    }
}

extension StoredJSON where Self: RawRepresentable<String> {
    func write(to json: inout JSONWriter) { rawValue.write(to: &json) }
}

extension BudgetLevel: StoredJSON {}
extension AuthorityLevel: StoredJSON {}
extension NeedLevel: StoredJSON {}
extension TimelineLevel: StoredJSON {}
extension CallIntent: StoredJSON {}
extension Sentiment: StoredJSON {}
extension CallOutcome: StoredJSON {}
extension Speaker: StoredJSON {}

// MARK: - What a call leaves

extension Evidence: StoredJSON {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("turn_number", turnNumber)
            json.add("speaker", speaker)
            json.add("words", words)
            json.add("started_ms", startedMs)
            json.add("ended_ms", endedMs)
        }
    }
}

extension Finding: StoredJSON where Value: StoredJSON {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("value", value)
            json.add("confidence", confidence)
            json.add("evidence", evidence)
        }
    }
}

extension BANT: StoredJSON {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("budget", budget)
            json.add("budget_amount", budgetAmount)
            json.add("authority", authority)
            json.add("need", need)
            json.add("timeline", timeline)
        }
    }
}

extension CallInsight.ContactDetails: StoredJSON {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("name", name)
            json.add("email", email)
            json.add("company", company)
            json.add("position", position)
            json.add("phone", phone)
        }
    }
}

extension CallInsight.MeetingAgreed: StoredJSON {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("title", title)
            json.add("starts_at", startsAt)
            json.add("duration_minutes", durationMinutes)
        }
    }
}

extension CallInsight: StoredJSON {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("extractor", extractor)
            json.add("summary", summary)
            json.add("bant", bant)
            json.add("intent", intent)
            json.add("sentiment", sentiment)
            json.add("contact", contact)
            json.add("objections", objections)
            json.add("next_step", nextStep)
            json.add("meeting", meeting)
            json.add("follow_up_named_at", followUpNamedAt)
            json.add("do_not_contact", doNotContact)
            json.add("outcome", outcome)
        }
    }
}

extension StoredFinding: StoredJSON {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("value", value)
            json.add("confidence", confidence)
            json.add("amount", amount)
            json.add("currency", currency)
            json.add("evidence", evidence)
            json.add("call_id", callId)
            json.add("unverified", unverified)
        }
    }
}

extension EarLedger: StoredJSON {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("pickup_to_first_audio_ms", pickupToFirstAudioMs)
            json.add("responses", responses)
            json.add("barge_ins", bargeIns)
            json.add("longest_silence_ms", longestSilenceMs)
            json.add("frames_in", framesIn)
            json.add("frames_out", framesOut)
            json.add("frames_lost", framesLost)
            json.add("underrun_bytes", underrunBytes)
            json.add("overrun_bytes", overrunBytes)
        }
    }
}

extension EarLedger.Response: StoredJSON {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("caller_ended_ms", callerEndedMs)
            json.add("first_audio_ms", firstAudioMs)
            json.add("filler_ms", fillerMs)
            json.add("answer_ms", answerMs)
        }
    }
}

extension EarLedger.BargeIn: StoredJSON {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("detected_ms", detectedMs)
            json.add("clear_sent_ms", clearSentMs)
            json.add("discarded_ms", discardedMs)
        }
    }
}
