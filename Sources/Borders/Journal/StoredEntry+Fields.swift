import CallModel
import FoundationEssentials

extension CallOpening {
    init(_ fields: JournalFields) throws {
        self.init(
            callID: try fields.value("callID", in: "uuid") { CallID($0) },
            tenant: try fields.value("tenant", in: "uuid") { TenantID($0) },
            profileID: try fields.value("profileID") { UUID(uuidString: $0) },
            callSid: try fields.value("callSid", in: "text") { CallSid($0) },
            from: try fields.textOrNil("from") == nil ? nil : fields.value("from") { E164($0) },
            to: try fields.value("to") { DialledAddress($0) },
            direction: try fields.value("direction") { Direction(rawValue: $0) }, rangAt: try fields.time("rangAt"),
            currency: try fields.text("currency"), timeZone: try fields.text("timeZone"),
            language: try fields.textOrNil("language"),
            callerDoubt: try fields.textOrNil("callerDoubt"))
    }

    func write(to fields: inout JournalObject) throws {
        try fields.write(callID.description, "callID")
        try fields.write(tenant.description, "tenant")
        try fields.write(profileID, "profileID")
        try fields.write(callSid.text, "callSid")
        try fields.write(from?.text, "from")
        try fields.write(to.text, "to")
        try fields.write(direction.rawValue, "direction")
        try fields.write(rangAt, "rangAt")
        try fields.write(currency, "currency")
        try fields.write(timeZone, "timeZone")
        try fields.write(language, "language")
        try fields.write(callerDoubt, "callerDoubt")
    }
}

extension Turn {
    init(_ fields: JournalFields) throws {
        self.init(
            number: try fields.int("number"), speaker: try fields.value("speaker") { Speaker(rawValue: $0) },
            startedMs: try fields.int("startedMs"), endedMs: try fields.int("endedMs"), text: try fields.text("text"),
            interrupted: try fields.bool("interrupted"), heardText: try fields.text("heardText"))
    }

    func write(to fields: inout JournalObject) throws {
        try fields.write(number, "number")
        try fields.write(speaker.rawValue, "speaker")
        try fields.write(startedMs, "startedMs")
        try fields.write(endedMs, "endedMs")
        try fields.write(text, "text")
        try fields.write(interrupted, "interrupted")
        try fields.write(heardText, "heardText")
    }
}

extension ConsultRecordPayload {
    init(_ fields: JournalFields) throws {
        self.init(
            id: try fields.value("id") { UUID(uuidString: $0) }, wasBegun: try fields.bool("wasBegun"),
            json: try fields.text("json"))
    }

    func write(to fields: inout JournalObject) throws {
        try fields.write(id, "id")
        try fields.write(wasBegun, "wasBegun")
        try fields.write(json, "json")
    }
}

extension CallFact {
    init(_ kind: JournalKey, _ fields: JournalFields) throws {
        switch kind {
        case "contactDetails":
            self = .contactDetails(
                name: try fields.textOrNil("name"), email: try fields.textOrNil("email"),
                company: try fields.textOrNil("company"), position: try fields.textOrNil("position"))
        case "qualification":
            self = .qualification(
                budget: try fields.textOrNil("budget"),
                budgetAmount: try fields.decodeIfPresent(Double.self, forKey: "budgetAmount"),
                authority: try fields.textOrNil("authority"), need: try fields.textOrNil("need"),
                timeline: try fields.textOrNil("timeline"), notes: try fields.textOrNil("notes"))
        case "meetingBooked":
            self = .meetingBooked(
                title: try fields.text("title"), startsAt: try fields.time("startsAt"),
                durationMinutes: try fields.int("durationMinutes"))
        case "followUpAgreed":
            self = .followUpAgreed(
                dueAt: try fields.decodeIfPresent(Date.self, forKey: "dueAt"), reason: try fields.text("reason"))
        case "doNotContact": self = .doNotContact(words: try fields.text("words"))
        case "transferRequested": self = .transferRequested(reason: try fields.text("reason"))
        case "consent":
            self = .consent(
                kind: try fields.text("kind"), granted: try fields.bool("granted"), words: try fields.text("words"))
        default: throw DecodingError.dataCorrupted(.init(codingPath: [kind], debugDescription: "not a kind of fact"))
        }
    }

    func write(to object: inout JournalObject) throws {
        switch self {
        case .contactDetails(let name, let email, let company, let position):
            var fields = object.object("contactDetails")
            try fields.write(name, "name")
            try fields.write(email, "email")
            try fields.write(company, "company")
            try fields.write(position, "position")
        case .qualification(let budget, let budgetAmount, let authority, let need, let timeline, let notes):
            var fields = object.object("qualification")
            try fields.write(budget, "budget")
            try fields.write(budgetAmount, "budgetAmount")
            try fields.write(authority, "authority")
            try fields.write(need, "need")
            try fields.write(timeline, "timeline")
            try fields.write(notes, "notes")
        case .meetingBooked(let title, let startsAt, let durationMinutes):
            var fields = object.object("meetingBooked")
            try fields.write(title, "title")
            try fields.write(startsAt, "startsAt")
            try fields.write(durationMinutes, "durationMinutes")
        case .followUpAgreed(let dueAt, let reason):
            var fields = object.object("followUpAgreed")
            try fields.write(dueAt, "dueAt")
            try fields.write(reason, "reason")
        case .doNotContact(let words):
            var fields = object.object("doNotContact")
            try fields.write(words, "words")
        case .transferRequested(let reason):
            var fields = object.object("transferRequested")
            try fields.write(reason, "reason")
        case .consent(let kind, let granted, let words):
            var fields = object.object("consent")
            try fields.write(kind, "kind")
            try fields.write(granted, "granted")
            try fields.write(words, "words")
        }
    }
}

extension CallEnding {
    init(_ fields: JournalFields) throws {
        self.init(
            reason: try fields.text("reason"), endedAt: try fields.time("endedAt"),
            ear: try EarLedger(fields.object("ear")))
    }

    func write(to fields: inout JournalObject) throws {
        try fields.write(reason, "reason")
        try fields.write(endedAt, "endedAt")
        var heard = fields.object("ear")
        try ear.write(to: &heard)
    }
}

extension EarLedger {
    init(_ fields: JournalFields) throws {
        self.init()
        pickupToFirstAudioMs = try fields.intOrNil("pickupToFirstAudioMs")
        responses = try fields.objects("responses") { response in
            Response(
                callerEndedMs: try response.int("callerEndedMs"), firstAudioMs: try response.int("firstAudioMs"),
                fillerMs: try response.intOrNil("fillerMs"), answerMs: try response.intOrNil("answerMs"))
        }
        bargeIns = try fields.objects("bargeIns") { bargeIn in
            BargeIn(
                detectedMs: try bargeIn.int("detectedMs"), clearSentMs: try bargeIn.int("clearSentMs"),
                discardedMs: try bargeIn.int("discardedMs"))
        }
        longestSilenceMs = try fields.int("longestSilenceMs")
        framesIn = try fields.int("framesIn")
        framesOut = try fields.int("framesOut")
        framesLost = try fields.int("framesLost")
        underrunBytes = try fields.int("underrunBytes")
        overrunBytes = try fields.int("overrunBytes")
    }

    func write(to fields: inout JournalObject) throws {
        try fields.write(pickupToFirstAudioMs, "pickupToFirstAudioMs")
        try fields.objects(responses, "responses") { response, object in
            try object.write(response.callerEndedMs, "callerEndedMs")
            try object.write(response.firstAudioMs, "firstAudioMs")
            try object.write(response.fillerMs, "fillerMs")
            try object.write(response.answerMs, "answerMs")
        }
        try fields.objects(bargeIns, "bargeIns") { bargeIn, object in
            try object.write(bargeIn.detectedMs, "detectedMs")
            try object.write(bargeIn.clearSentMs, "clearSentMs")
            try object.write(bargeIn.discardedMs, "discardedMs")
        }
        try fields.write(longestSilenceMs, "longestSilenceMs")
        try fields.write(framesIn, "framesIn")
        try fields.write(framesOut, "framesOut")
        try fields.write(framesLost, "framesLost")
        try fields.write(underrunBytes, "underrunBytes")
        try fields.write(overrunBytes, "overrunBytes")
    }
}
