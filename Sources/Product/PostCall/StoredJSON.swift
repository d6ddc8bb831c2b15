import CRM
import CallModel
import CallReading
import Encoding

// Values as JSON in the database: snake_case keys and ISO 8601 dates, as the dashboards read them.

extension BudgetLevel: JSONWritable {}
extension AuthorityLevel: JSONWritable {}
extension NeedLevel: JSONWritable {}
extension TimelineLevel: JSONWritable {}
extension CallIntent: JSONWritable {}
extension Sentiment: JSONWritable {}
extension CallOutcome: JSONWritable {}
extension Speaker: JSONWritable {}

// MARK: - What a call leaves

extension Evidence: JSONWritable {
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

extension Finding: JSONWritable where Value: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("value", value)
            json.add("confidence", confidence)
            json.add("evidence", evidence)
        }
    }
}

extension BANT: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("budget", budget)
            json.add("budget_amount", budgetAmount)
            json.add("budget_currency", budgetCurrency)
            json.add("authority", authority)
            json.add("need", need)
            json.add("timeline", timeline)
        }
    }
}

extension CallInsight.ContactDetails: JSONWritable {
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

extension CallInsight.MeetingAgreed: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("title", title)
            json.add("starts_at", startsAt)
            json.add("duration_minutes", durationMinutes)
        }
    }
}

extension CallInsight: JSONWritable {
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

extension StoredFinding: JSONWritable {
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

extension EarLedger: JSONWritable {
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

extension EarLedger.Response: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("caller_ended_ms", callerEndedMs)
            json.add("first_audio_ms", firstAudioMs)
            json.add("filler_ms", fillerMs)
            json.add("answer_ms", answerMs)
        }
    }
}

extension EarLedger.BargeIn: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("detected_ms", detectedMs)
            json.add("clear_sent_ms", clearSentMs)
            json.add("discarded_ms", discardedMs)
        }
    }
}
