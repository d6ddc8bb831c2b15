import Foundation

/// The labelled calls of one kind and half: `labelled/seen/money.jsonl`.
struct LabelledSet {
    /// The half that whoever writes the rules looks at, and the one that tells how good they are.
    enum Half: String, CaseIterable, Sendable { case seen, unseen }

    struct Fault: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// Kinds and what the agent asks where a line does not say it.
    static let questions: KeyValuePairs = [
        "money": "What budget do you have in mind?",
        "number": "What budget do you have in mind?",
        "callback": "When may we call you back?",
        "timeline": "When would you like to have it in place?",
        "meeting": "Which day and time would suit you for a meeting?",
        "name": "May I have your name, please?",
        "company": "Which company are you with?",
        "email": "What is your email address?",
        "phone": "Which phone number can we reach you on?",
        "optout": "What can I do for you?",
        "optout-more": "What can I do for you?",
        "authority": "Do you make the decision yourself, or does somebody else decide?",
        "authority-more": "Do you make the decision yourself, or does somebody else decide?",
        "need": "What can I do for you?",
        "need-more": "What can I do for you?",
        "language": "What can I do for you?",
        "conversation": "What can I do for you?",
    ]
    private static let questionsElsewhere: [String: [String: String]] = [
        "es": [
            "money": "¿Qué presupuesto tiene previsto?", "number": "¿Qué presupuesto tiene previsto?",
            "callback": "¿Cuándo podemos volver a llamarle?", "timeline": "¿Para cuándo lo necesita?",
            "meeting": "¿Qué día y a qué hora le viene bien una reunión?",
        ],
        "de": [
            "money": "Welches Budget haben Sie vorgesehen?", "number": "Welches Budget haben Sie vorgesehen?",
            "callback": "Wann dürfen wir Sie zurückrufen?", "timeline": "Bis wann brauchen Sie es?",
            "meeting": "An welchem Tag und um wie viel Uhr passt Ihnen ein Termin?",
        ],
    ]

    let kind: String
    let half: Half
    let calls: [LabelledCall]
    private let question: String

    /// Nil when there is no such file.
    ///
    /// - Throws: ``Fault`` with file, line number and what is wrong there.
    init?(kind: String, half: Half, in folder: URL, asking question: String) throws {
        let file = folder.appending(path: "\(half.rawValue)/\(kind).jsonl")
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        self.kind = kind
        self.half = half
        self.question = question
        let lines = try String(contentsOf: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        var ids: Set<String> = []
        calls = try zip(1..., lines).filter { !$0.1.isEmpty }.map { number, line in
            do {
                let call = try JSONDecoder().decode(LabelledCall.self, from: Data(line.utf8))
                guard ids.insert(call.id).inserted else { throw Fault("the id \(call.id) was there before") }
                return call
            } catch {
                throw Fault("\(half.rawValue)/\(kind).jsonl, line \(number): \(Self.reason(error))")
            }
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let fault as Fault: fault.description
        case DecodingError.keyNotFound(let key, _): "no `\(key.stringValue)`"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "`\(context.codingPath.map(\.stringValue).joined(separator: "."))` is of another kind"
        default: "no JSON object"
        }
    }

    func score() throws -> Score {
        var score = Score(kind: kind, half: half)
        for call in calls {
            let asked = Self.questionsElsewhere[call.lang ?? "en"]?[kind] ?? question
            let read = try ReadCall(call, asking: asked)
            score.utterances += 1
            for (name, wanted) in call.want.sorted(by: { $0.key < $1.key }) {
                guard let field = ReadCall.Field(rawValue: name) else { continue }
                let verdict = read.verdict(field, wanting: wanted)
                score.count(verdict, call.wording)
                if field == .doNotContact {
                    score.countOptOut(wanted: wanted.contains(.flag(true)), read: read.value(field) != nil)
                }
                guard half == .seen, verdict != .right else { continue }
                let values = wanted.map { $0?.description ?? "null" }.joined(separator: " or ")
                score.failures.append(
                    "\(call.id) [\(call.wording)] \(call.script)\n    \(name): wanted \(values), "
                        + "read \(read.value(field)?.description ?? "nothing")")
            }
        }
        return score
    }
}
