import AudioCore
import Foundation
import TestSupport

@testable import Answering

/// What the called side sends, put together of parts.
struct Line {
    private(set) var codes: [UInt8] = []
    var ms: Int { codes.count / 8 }

    func silence(_ ms: Int) -> Line { adding([UInt8](repeating: MuLaw.silence, count: ms * 8)) }

    /// - Parameter dBFS: of its peak.
    func tone(_ hz: Double, _ ms: Int, dBFS: Double = -14) -> Line {
        let peak = 32_767 * pow(10, dBFS / 20)
        return adding(
            (0..<ms * 8).map { MuLaw.encode(Int16(peak * sin(2 * .pi * hz * Double($0 + codes.count) / 8_000))) })
    }

    /// One of our callers' recordings, spoken by flite; `ms` of it where it is to be shorter.
    func speech(_ name: String, _ ms: Int? = nil) throws -> Line {
        let audio = Array(try Data(contentsOf: Checkout.url("audio-fixtures").appending(path: "\(name).ulaw")))
        return adding(ms.map { Array(audio.prefix($0 * 8)) } ?? audio)
    }

    /// The same, again and again until it is so long.
    func talk(_ name: String, _ ms: Int) throws -> Line {
        var line = self
        while line.ms < self.ms + ms { line = try line.speech(name) }
        return line
    }

    private func adding(_ more: [UInt8]) -> Line {
        var line = self
        line.codes += more
        return line
    }
}

extension AnsweringDetector {
    /// Hears a line in pieces of so many bytes, and notes each verdict as it changes.
    mutating func hear(_ line: Line, bytes: Int = 160) -> [AnsweringVerdict] {
        var verdicts: [AnsweringVerdict] = []
        for start in stride(from: 0, to: line.codes.count, by: bytes) {
            callerFrame(line.codes.span.extracting(start..<min(start + bytes, line.codes.count)))
            if verdicts.last != verdict { verdicts.append(verdict) }
        }
        return verdicts
    }
}
