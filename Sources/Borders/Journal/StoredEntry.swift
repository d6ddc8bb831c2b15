import CallModel

/// An entry as it stands in a journal: an object with one key, the kind of entry, and below it the entry's fields. The
/// opening also says which format the journal is in.
///
/// Format 2 is written. Format 1 had no number, its fields one level deeper under `_0`, and identifiers in objects of their
/// own; it is read for as long as a file of it may be anywhere, one that goes on in format 2 included. An opening in a
/// format that is not known is no entry: a file whose beginning cannot be understood is nobody's to guess at.
struct StoredEntry {
    static let format = 2

    let entry: CallJournalEntry
}

extension StoredEntry: Decodable {
    init(from decoder: any Decoder) throws {
        let line = try decoder.container(keyedBy: JournalKey.self)
        let kind = try Self.only(line.allKeys, of: line)
        let body = try line.object(kind)
        let fields = kind != "note" && body.contains("_0") ? try body.object("_0") : body
        switch kind {
        case "rang":
            let format = try fields.intOrNil("format") ?? 1
            guard (1...Self.format).contains(format) else { throw UnknownFormat(number: format) }
            entry = .rang(try CallOpening(fields))
        case "answered":
            let streamSid = try fields.value("streamSid", in: "text") { StreamSid($0) }
            entry = .answered(streamSid: streamSid, at: try fields.time("at"))
        case "turn": entry = .turn(try Turn(fields))
        case "toolCalled":
            entry = .toolCalled(
                name: try fields.text("name"), arguments: try fields.text("arguments"),
                result: try fields.text("result"), atMs: try fields.int("atMs"))
        case "fact":
            let fact = try Self.only(fields.allKeys.filter { $0 != "atMs" }, of: fields)
            entry = .fact(try CallFact(fact, fields.object(fact)), atMs: try body.int("atMs"))
        case "dtmf": entry = .dtmf(digit: try fields.text("digit"), atMs: try fields.int("atMs"))
        case "note": entry = .note(try fields.textOrNil("text") ?? fields.text("_0"), atMs: try fields.int("atMs"))
        case "consult": entry = .consult(try ConsultRecordPayload(fields), atMs: try body.int("atMs"))
        case "streamClosed": entry = .streamClosed(atMs: try fields.int("atMs"))
        case "ended": entry = .ended(try CallEnding(fields))
        default: throw DecodingError.dataCorruptedError(forKey: kind, in: line, debugDescription: "not an entry")
        }
    }

    /// The key of an object that has to have one.
    private static func only(_ keys: [JournalKey], of object: JournalFields) throws -> JournalKey {
        guard let key = keys.first, keys.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: object.codingPath, debugDescription: "\(keys.count) kinds in one entry"))
        }
        return key
    }

    struct UnknownFormat: Error { var number: Int }
}

extension StoredEntry: Encodable {
    func encode(to encoder: any Encoder) throws {
        var line = encoder.container(keyedBy: JournalKey.self)
        switch entry {
        case .rang(let opening):
            var fields = line.object("rang")
            try fields.write(Self.format, "format")
            try opening.write(to: &fields)
        case .answered(let streamSid, let at):
            var fields = line.object("answered")
            try fields.write(streamSid.text, "streamSid")
            try fields.write(at, "at")
        case .turn(let turn):
            var fields = line.object("turn")
            try turn.write(to: &fields)
        case .toolCalled(let name, let arguments, let result, let atMs):
            var fields = line.object("toolCalled")
            try fields.write(name, "name")
            try fields.write(arguments, "arguments")
            try fields.write(result, "result")
            try fields.write(atMs, "atMs")
        case .fact(let fact, let atMs):
            var fields = line.object("fact")
            try fact.write(to: &fields)
            try fields.write(atMs, "atMs")
        case .dtmf(let digit, let atMs):
            var fields = line.object("dtmf")
            try fields.write(digit, "digit")
            try fields.write(atMs, "atMs")
        case .note(let note, let atMs):
            var fields = line.object("note")
            try fields.write(note, "text")
            try fields.write(atMs, "atMs")
        case .consult(let consult, let atMs):
            var fields = line.object("consult")
            try consult.write(to: &fields)
            try fields.write(atMs, "atMs")
        case .streamClosed(let atMs):
            var fields = line.object("streamClosed")
            try fields.write(atMs, "atMs")
        case .ended(let ending):
            var fields = line.object("ended")
            try ending.write(to: &fields)
        }
    }
}
