import CallModel
import Foundation
import Synchronization

/// What happens in the year, a JSON object a line, in its order: the checker reads nothing else.
final class YearLog: Sendable {
    struct Line: Encodable {
        enum Kind: String, Encodable {
            case person, campaign, rules, consent, stop, go, pause, resume, retire, ended, dial, congested
            case optOut = "opt_out"
            case backInUse = "return"
        }

        var at: Double
        var type: Kind
        var tenant: String?
        var campaign: UUID?
        var person: UUID?
        var number: String?
        var from: String?
        var purpose: String?
        var zone: String?
        var state: String?
        var level: String?
        var sets: [String]?
        var hours: [String: [String]]?

        init(_ type: Kind, at: Double, _ tenant: TenantID? = nil, number: String? = nil) {
            self.type = type
            self.at = at
            self.tenant = tenant?.description
            self.number = number
        }
    }

    private struct State {
        var file: FileHandle
        var waiting = Data()
    }

    private static let bytesAtOnce = 1 << 16
    private let state: Mutex<State>

    init(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Failure(description: "cannot write \(path)") }
        state = Mutex(State(file: file))
    }

    func write(_ line: Line) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = try encoder.encode(line)
        try state.withLock { state in
            state.waiting += bytes
            state.waiting.append(UInt8(ascii: "\n"))
            if state.waiting.count > Self.bytesAtOnce {
                try state.file.write(contentsOf: state.waiting)
                state.waiting.removeAll(keepingCapacity: true)
            }
        }
    }

    func close() throws {
        try state.withLock { state in
            try state.file.write(contentsOf: state.waiting)
            try state.file.close()
        }
    }
}
