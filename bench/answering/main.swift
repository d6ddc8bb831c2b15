import Answering
import AudioCore
import CAllocationCounter
import Foundation

/// Who answers, told from strangers' recordings: a confusion matrix, time to verdict, and how soon a beep is found.
/// usage: answering-benchmark TONES [--misses]
let arguments = CommandLine.arguments
guard arguments.count > 1 else { fatalError("usage: answering-benchmark TONES [--misses]") }
var set = RecordingSet(sounds: "/usr/share/asterisk/sounds", tones: arguments[1], fixtures: "audio-fixtures")
let recordings = set.all()
let isVerbose = arguments.contains("--misses")

/// What came of one recording on one line.
struct Outcome {
    var recording: Recording
    var line: Line
    var kind: Answerer
    /// When it was first known to be a machine, or a person, and stayed so.
    var knownMs: Int?
    var wasEverMachine = false
    /// When something would have been done about a machine.
    var settledMs: Int?
    var beepFoundMs: Int?
    var falseBeeps = 0
}

func hear(_ recording: Recording, _ line: Line, withWords: Bool, seed: UInt64) -> Outcome {
    var detector = AnsweringDetector()
    let cues = AnsweringCues.of(recording.language)
    let codes = recording.sound.onLine(line, seed: seed)
    var outcome = Outcome(recording: recording, line: line, kind: .unknown)
    var words = withWords ? recording.words[...] : []
    var lastBeepMs: Int?
    for start in stride(from: 0, to: codes.count - 159, by: 160) {
        detector.callerFrame(codes.span.extracting(start..<start + 160))
        while let next = words.first, next.atMs <= detector.nowMs {
            detector.callerSaid(next.text, cues: cues)
            words = words.dropFirst()
        }
        let verdict = detector.verdict
        if verdict.kind.isMachine {
            outcome.wasEverMachine = true
            if verdict.isSettled { outcome.settledMs = outcome.settledMs ?? detector.nowMs }
        }
        if verdict.kind.isMachine != outcome.kind.isMachine || outcome.knownMs == nil {
            outcome.knownMs = verdict.kind == .unknown ? nil : detector.nowMs
        }
        outcome.kind = verdict.kind
        if detector.beepEndMs != lastBeepMs, let end = detector.beepEndMs {
            lastBeepMs = end
            if let wanted = recording.beepEndMs, abs(end - wanted) <= 100 {
                outcome.beepFoundMs = detector.nowMs
            } else {
                outcome.falseBeeps += 1
            }
        }
    }
    return outcome
}

for withWords in [false, true] {
    var outcomes: [Outcome] = []
    let began = ContinuousClock.now
    for (index, recording) in recordings.enumerated() {
        for (place, line) in Line.all.enumerated() {
            outcomes.append(hear(recording, line, withWords: withWords, seed: UInt64(index * 10 + place)))
        }
    }
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    let audio = recordings.reduce(0) { $0 + $1.sound.ms } / 1_000 * Line.all.count
    print(withWords ? "\n## With the words (English only)\n" : "## By audio alone\n")
    Tables(
        outcomes: withWords
            ? outcomes.filter { $0.recording.language == "en" || $0.recording.language == "-" } : outcomes
    )
    .show(missesToo: isVerbose)
    print(
        "\n\(recordings.count) recordings on \(Line.all.count) lines, \(audio / 60) minutes of audio heard in "
            + "\(String(format: "%.1f", seconds)) s, the line's noise and coding included")
}

/// What a frame costs on a call's loop: nothing may be allocated there.
let codes = recordings.prefix(40).flatMap { $0.sound.onLine(Line.all[0], seed: 1) }
var detector = AnsweringDetector()
detector.callerFrame(codes.span.extracting(0..<1_600))
let (allocationsBefore, start) = (parley_allocations(), ContinuousClock.now)
for start in stride(from: 0, to: codes.count - 159, by: 160) {
    detector.callerFrame(codes.span.extracting(start..<start + 160))
}
let nanoseconds = (ContinuousClock.now - start) / .nanoseconds(1) / Double(codes.count / 160)
let allocations = parley_allocations() - allocationsBefore
guard allocationsBefore > 0 else { fatalError("the counter does not stand in front of malloc") }
print("\none frame: \(Int(nanoseconds)) ns, \(allocations) allocations in \(codes.count / 160) frames")
exit(allocations == 0 ? 0 : 1)
