import Encoding
import FoundationEssentials

/// Why a number was called, or was not: the question, the answer and the rules it rests on, chained to the tenant's receipt before
/// it. Whoever changes one, or takes one out, breaks the chain behind it.
package struct DialReceipt: Equatable, Sendable {
    /// What a receipt says, as JSON with its keys in order.
    package struct Body: Codable, Equatable, Sendable {
        package var question: DialQuestion
        package var verdict: DialVerdict
        /// Rules of a campaign's own that held besides.
        package var own: [CallingRule]?

        package init(question: DialQuestion, verdict: DialVerdict, own: [CallingRule]? = nil) {
            self.question = question
            self.verdict = verdict
            self.own = own
        }
    }

    package struct Unreadable: Error, CustomStringConvertible {
        package var sequence: Int
        package var description: String { "receipt \(sequence) is none of a version that is known here" }
    }

    /// Of the chain's first receipt.
    package static let noHash = String(repeating: "0", count: 64)

    /// From 1, without a gap.
    package var sequence: Int
    package var previousHash: String
    /// Byte for byte as it was hashed.
    package var body: String
    package var hash: String

    package init(_ body: Body, after previous: (sequence: Int, hash: String)?) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .secondsSince1970
        // What is on record may have been tampered with: no number of it stops us.
        sequence = (previous?.sequence ?? 0) &+ 1
        previousHash = previous?.hash ?? Self.noHash
        self.body = String(decoding: try encoder.encode(body), as: UTF8.self)
        hash = Self.hash(previousHash, sequence, self.body)
    }

    /// As it is on record.
    package init(sequence: Int, previousHash: String, body: String, hash: String) {
        self.sequence = sequence
        self.previousHash = previousHash
        self.body = body
        self.hash = hash
    }

    package func read() throws(Unreadable) -> Body {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        do { return try decoder.decode(Body.self, from: Data(body.utf8)) } catch {
            throw Unreadable(sequence: sequence)
        }
    }

    private static func hash(_ previous: String, _ sequence: Int, _ body: String) -> String {
        Digest.sha256(Array("\(previous)\n\(sequence)\n\(body)".utf8)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 0x0F, radix: 16)
        }.joined()
    }

    /// What is wrong with it behind the one before; nil when it is sound.
    package func fault(after previous: DialReceipt?) -> String? {
        let expected = (previous?.sequence ?? 0) &+ 1
        if sequence != expected { return "receipt \(expected) is missing: after \(expected &- 1) comes \(sequence)" }
        if previousHash != previous?.hash ?? Self.noHash {
            return "receipt \(sequence) does not follow the one before it"
        }
        if hash != Self.hash(previousHash, sequence, body) { return "receipt \(sequence) was changed" }
        return nil
    }
}
