import Foundation

/// The JSON a language model answers with when it merges replies, and the check of what it sent.
package enum MergeSchema {
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        case notJSON
        case field(String)
        /// Something in it is not to be told.
        case unfounded(AnswerCheck.Fault)

        package var description: String {
            switch self {
            case .notJSON: "The merged answer is not a JSON object; the rules merge."
            case .field(let name): "The merged answer's `\(name)` does not fit the schema; the rules merge."
            case .unfounded(let fault): "The merged answer is not used, because \(fault); the rules merge."
            }
        }
    }

    private static let textCharactersMax = 1_500
    private static let itemsMax = 6

    /// A strict JSON schema (every property required, no others), as a JSON document.
    package static let json = """
        {"type":"object","additionalProperties":false,"required":["answer","agreed","differing","uncertain"],
        "properties":{"answer":{"type":"array","items":{"$ref":"#/$defs/statement"}},
        "agreed":{"type":"array","items":{"$ref":"#/$defs/statement"}},
        "differing":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["positions"],
        "properties":{"positions":{"type":"array","items":{"$ref":"#/$defs/statement"}}}}},
        "uncertain":{"type":"array","items":{"$ref":"#/$defs/statement"}}},
        "$defs":{"statement":{"type":"object","additionalProperties":false,"required":["text","specialists"],
        "properties":{"text":{"type":"string"},"specialists":{"type":"array","items":{"type":"string"}}}}}}
        """

    private struct Document: Decodable {
        struct Statement: Decodable {
            var text: String
            var specialists: [String]
        }
        struct Difference: Decodable { var positions: [Statement] }
        var answer: [Statement]
        var agreed: [Statement]
        var differing: [Difference]
        var uncertain: [Statement]
    }

    /// The answer, when every statement is attributed to specialists that did reply, and nothing in it is news to them.
    ///
    /// - Parameters:
    ///   - content: the model's text; what stands before the first `{` and after the last `}` is ignored.
    ///   - question: what the specialists were asked.
    package static func read(
        _ content: String, replies: [AttributedReply], of question: String
    ) throws(Refusal) -> MergedAnswer {
        guard let start = content.firstIndex(of: "{"), let end = content.lastIndex(of: "}"), start < end else {
            throw .notJSON
        }
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(content[start...end].utf8))
        } catch let error as DecodingError {
            switch error {
            case .keyNotFound(let key, _): throw .field(key.stringValue)
            case .typeMismatch(_, let context), .valueNotFound(_, let context):
                throw .field(context.codingPath.first?.stringValue ?? "document")
            default: throw .notJSON
            }
        } catch {
            throw .notJSON
        }
        let known = Set(replies.map(\.specialist.text))
        let check = AnswerCheck(given: replies.flatMap { [$0.reply.text] + $0.reply.sources }, asked: question)
        func statements(_ items: [Document.Statement], _ name: String) throws(Refusal) -> [MergedAnswer.Statement] {
            guard items.count <= itemsMax else { throw .field(name) }
            var out: [MergedAnswer.Statement] = []
            for item in items {
                let text = item.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                let specialists = item.specialists.compactMap { SpecialistID($0) }
                guard !text.isEmpty, text.count <= textCharactersMax, !specialists.isEmpty,
                    specialists.count == item.specialists.count, specialists.allSatisfy({ known.contains($0.text) })
                else { throw .field(name) }
                if let fault = check.fault(in: text, isRetelling: true) { throw .unfounded(fault) }
                out.append(.init(text: text, specialists: specialists))
            }
            return out
        }
        let answer = try statements(document.answer, "answer")
        guard !answer.isEmpty else { throw .field("answer") }
        var differing: [MergedAnswer.Difference] = []
        for difference in document.differing.prefix(itemsMax) {
            let positions = try statements(difference.positions, "differing")
            guard positions.count >= 2 else { throw .field("differing") }
            differing.append(.init(positions: positions))
        }
        var seen: Set<String> = []
        return MergedAnswer(
            answer: answer, agreed: try statements(document.agreed, "agreed"), differing: differing,
            uncertain: try statements(document.uncertain, "uncertain"),
            sources: Array(replies.flatMap(\.reply.sources).filter { seen.insert($0).inserted }.prefix(6)),
            merger: .model)
    }
}
