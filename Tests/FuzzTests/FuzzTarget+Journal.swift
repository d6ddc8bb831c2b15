import CallModel
import Encoding
import Foundation

@testable import Journal

extension FuzzTarget {
    /// A whole journal of one call, a line an element.
    static let journal: [[UInt8]] = {
        guard let sid = CallSid("CA" + String(repeating: "1", count: 32)), let to = E164("+15550100100"),
            let stream = StreamSid("MZ" + String(repeating: "2", count: 32))
        else { return [] }
        let at = Date(timeIntervalSince1970: 1_800_000_000)
        let opening = CallOpening(
            callID: CallID(), tenant: .initial, profileID: UUID(), callSid: sid, from: nil, to: to, direction: .inbound,
            rangAt: at, currency: "USD", timeZone: "America/New_York")
        let entries: [CallJournalEntry] = [
            .rang(opening), .answered(streamSid: stream, at: at),
            .turn(Turn(number: 1, speaker: .agent, startedMs: 0, endedMs: 900, text: "Hello \"there\" ✓")),
            .turn(Turn(number: 2, speaker: .caller, startedMs: 1_000, endedMs: 1_900, text: "A demo, please.")),
            .dtmf(digit: "4", atMs: 2_000), .note("agent leg lost", atMs: 2_100),
            .toolCalled(name: "crm_note", arguments: "{}", result: "stored", atMs: 2_200),
            .fact(.doNotContact(words: "stop calling"), atMs: 3_000), .streamClosed(atMs: 4_000),
            .ended(CallEnding(reason: "caller_hangup", endedAt: at, ear: EarLedger())),
        ]
        return entries.compactMap { try? JournalLine.encode($0) }
    }()

    /// The first byte says how the rest is taken: as a file, as JSON under a right checksum, or as damage to a good file.
    static func checkJournal(_ input: [UInt8]) {
        guard let way = input.first else { return }
        let rest = Array(input.dropFirst())
        switch way % 3 {
        case 0: scan(rest)
        case 1:
            writeAgain(
                scan(rest.split(separator: 0x0A, omittingEmptySubsequences: false).flatMap { underSum(Array($0)) }))
        default: damage(rest)
        }
    }

    private static func underSum(_ json: [UInt8]) -> [UInt8] {
        let sum = String(CRC32.checksum(json.span.bytes), radix: 16)
        var line = Array(String(repeating: "0", count: 8 - sum.utf8.count).utf8)
        line += sum.utf8
        line.append(0x20)
        return line + json + [0x0A]
    }

    @discardableResult private static func scan(_ file: [UInt8]) -> [CallJournalEntry] {
        let found = JournalLine.scan(file)
        hold((0...file.count).contains(found.goodBytes), "\(found.goodBytes) good bytes of \(file.count)")
        hold(found.goodBytes + found.tornBytes <= file.count, "\(found.tornBytes) torn bytes beside the good ones")
        return found.entries
    }

    private static func writeAgain(_ entries: [CallJournalEntry]) {
        for entry in entries {
            guard let line = try? JournalLine.encode(entry) else { continue }
            hold(JournalLine.scan(line).entries.count == 1, "an entry that was read can be written and read")
        }
    }

    /// Three bytes an injury: what, where, how much.
    private static func damage(_ injuries: [UInt8]) {
        var file = Array(journal.joined())
        var firstHurt = file.count
        for index in stride(from: 0, to: injuries.count - 2, by: 3) {
            guard !file.isEmpty else { break }
            let at = (Int(injuries[index + 1]) * 256 + Int(injuries[index])) % file.count
            let much = Int(injuries[index + 2])
            switch injuries[index] % 4 {
            case 0: file[at] ^= injuries[index + 2]
            case 1: file.removeSubrange(at..<min(file.count, at + much))
            case 2: file.insert(contentsOf: file[at..<min(file.count, at + much)], at: at)
            default: file.removeSubrange(at...)
            }
            firstHurt = min(firstHurt, at)
        }
        let entries = scan(file)
        var (whole, end) = (0, 0)
        for line in journal {
            end += line.count
            if end <= firstHurt { whole += 1 }
        }
        hold(entries.count >= whole, "\(whole) lines before the first injury are read")
    }
}
