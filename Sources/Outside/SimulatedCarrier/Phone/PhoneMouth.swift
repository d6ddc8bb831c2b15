import AudioCore

/// What is said at a phone: by the microphone, unless a text or a script speaks in its place.
struct PhoneMouth {
    private struct Speech {
        var name: String
        var audio: [UInt8]
        var next = 0
    }

    static let keysMax = 32

    private var microphone = MicrophoneBuffer()
    private var speeches: [Speech] = []
    private var script: ScriptedCaller?
    private var keys: [Character] = []

    var framesDropped: Int { microphone.dropped }

    mutating func take(_ frame: [UInt8]) {
        // What was said beside a text or a script would come late.
        if script == nil, speeches.isEmpty { microphone.append(frame) }
    }

    mutating func say(_ name: String, _ audio: [UInt8]) {
        speeches.append(Speech(name: name, audio: audio))
        microphone.clear()
    }

    mutating func play(_ script: CallerScript) {
        self.script = ScriptedCaller(script: script)
        microphone.clear()
    }

    /// False when too many wait already.
    mutating func press(_ more: [Character]) -> Bool {
        guard keys.count + more.count <= Self.keysMax else { return false }
        keys += more
        return true
    }

    /// - Returns: what is said, and whether it is another voice than that of whoever holds the phone.
    mutating func tick(hearing heard: ArraySlice<UInt8>) -> (tick: ScriptedCaller.Tick, isOther: Bool) {
        var (tick, isOther) = spoken(hearing: heard)
        // One a frame: a key takes its time.
        if !keys.isEmpty { tick.actions.append(.press(keys.removeFirst())) }
        return (tick, isOther)
    }

    private mutating func spoken(hearing heard: ArraySlice<UInt8>) -> (ScriptedCaller.Tick, Bool) {
        if !speeches.isEmpty, script?.isSpeaking != true { return (speak(), true) }
        if let tick = script?.tick(hearing: heard) {
            if script?.isDone == true { script = nil }
            return (tick, true)
        }
        let silence = [UInt8](repeating: MuLaw.silence, count: ScriptedCaller.frameBytes)
        return (ScriptedCaller.Tick(frame: microphone.next() ?? silence, actions: []), false)
    }

    private mutating func speak() -> ScriptedCaller.Tick {
        var speech = speeches[0]
        var actions: [ScriptedCaller.Action] = speech.next == 0 ? [.beganSaying(speech.name)] : []
        let end = min(speech.next + ScriptedCaller.frameBytes, speech.audio.count)
        var frame = Array(speech.audio[speech.next..<end])
        frame += [UInt8](repeating: MuLaw.silence, count: ScriptedCaller.frameBytes - frame.count)
        speech.next = end
        if end == speech.audio.count {
            speeches.removeFirst()
            actions.append(.endedSaying(speech.name))
        } else {
            speeches[0] = speech
        }
        return ScriptedCaller.Tick(frame: frame, actions: actions)
    }

    /// Both voices in one ear.
    static func mixed(_ one: [UInt8], _ other: [UInt8]) -> [UInt8] {
        zip(one, other).map { a, b in
            MuLaw.encode(Int16(clamping: Int32(MuLaw.decode(a)) + Int32(MuLaw.decode(b))))
        }
    }
}
