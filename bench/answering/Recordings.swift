import Answering
import Foundation

/// A call's first seconds as the called side sends them, and what they are.
struct Recording {
    var name: String
    /// Of Debian's package, or of our fixtures.
    var voice: String
    var language: String
    var kind: Answerer
    var sound: Sound
    /// What is understood of it, and when: half a second after it was said.
    var words: [(atMs: Int, text: String)] = []
    /// The end of the beep.
    var beepEndMs: Int?
    /// Speaks for long at once: told apart in the table, for a machine does the same.
    var isLong = false
    /// Says for less than four seconds all that it says.
    var isShort: Bool { sound.ms < 5_500 }
}

/// Puts recordings together: greetings of prompts as Asterisk's own applications play them, people of our callers' voices.
struct RecordingSet {
    private let sounds: String
    private let tones: String
    private let fixtures: String
    private var random = Random(state: 16)
    /// Prompts that have a kind of their own.
    private var used: Set<String> = []

    init(sounds: String, tones: String, fixtures: String) {
        (self.sounds, self.tones, self.fixtures) = (sounds, tones, fixtures)
    }

    static let voices: [(folder: String, language: String)] = [
        ("en_US_f_Allison", "en"), ("es_MX_f_Allison", "es"), ("es", "es"), ("fr_CA_f_June", "fr"), ("fr", "fr"),
        ("it_IT_f_Menardi", "it"), ("it_IT_m_Carlo", "it"), ("ru_RU_f_IvrvoiceRU", "ru"),
    ]

    mutating func all() -> [Recording] {
        var all: [Recording] = []
        for (folder, language) in Self.voices {
            all += voicemails(folder, language) + menus(folder, language) + others(folder, language)
            all += announcements(folder, language) + hellos(folder, language) + talk(folder, language)
        }
        return all + callees() + tonesAlone() + people() + longPeople()
    }

    // MARK: Machines

    private mutating func voicemails(_ voice: String, _ language: String) -> [Recording] {
        let greetings: [(String, [String])] = [
            ("unavailable", ["vm-theperson", "digits/1", "digits/0", "digits/4", "vm-isunavail", "vm-intro"]),
            ("on the phone", ["vm-theperson", "digits/2", "digits/7", "vm-isonphone", "vm-intro"]),
            ("nobody", ["vm-nobodyavail", "vm-intro"]), ("intro", ["vm-intro"]),
            ("number", ["vm-theperson", "digits/3", "digits/5", "digits/9", "digits/8", "vm-isunavail"]),
        ]
        return greetings.flatMap { name, prompts in
            ["beep", nil, random.next() % 2 == 0 ? "tone" : "other tone"].compactMap { beep -> Recording? in
                let tone: Sound?
                switch beep {
                case "beep": tone = prompt("beep", voice) ?? prompt("beep", "en_US_f_Allison")
                case nil: tone = nil
                default: tone = randomBeep()
                }
                return play(prompts, voice, language, "voicemail \(name), \(beep ?? "no beep")", .voicemail, then: tone)
            }
        }
    }

    private mutating func randomBeep() -> Sound? {
        let hertz = [400, 440, 500, 620, 800, 850, 950, 1000, 1100, 1200, 1400, 1633, 2000]
        let hz = hertz[Int(random.next() % UInt64(hertz.count))]
        let ms = [150, 250, 500, 1000][Int(random.next() % 4)]
        return Sound(file: "\(tones)/beep-\(hz)-\(ms).raw")
    }

    private mutating func menus(_ voice: String, _ language: String) -> [Recording] {
        [
            "basic-pbx-ivr-main", "conf-usermenu", "conf-adminmenu", "vm-opts", "vm-opts-full", "vm-options",
            "vm-instructions",
            "vm-advopts", "vm-forwardoptions", "vm-review", "screen-callee-options", "priv-callee-options",
            "dir-intro", "dir-intro-fn", "followme/options", "conf-adminmenu-18", "conf-usermenu-162", "vm-msginstruct",
        ].compactMap { play([$0], voice, language, "menu \($0)", .menu) }
    }

    private mutating func others(_ voice: String, _ language: String) -> [Recording] {
        var all = ["privacy-prompt", "priv-recordintro"].compactMap { name in
            play([name], voice, language, "screening \(name)", .screening, then: prompt("beep", voice))
        }
        all += [
            "demo-congrats", "demo-instruct", "demo-abouttotry", "demo-echotest", "demo-moreinfo", "demo-enterkeywords",
            "demo-nogo", "queue-periodic-announce", "vm-newuser", "tt-monkeysintro", "agent-newlocation",
        ].compactMap { play([$0], voice, language, "machine \($0)", .machine) }
        return all
    }

    /// All prompts that nothing else here is made of, as far as they are long enough to be a machine's speech.
    private mutating func talk(_ voice: String, _ language: String) -> [Recording] {
        let named = used
        defer { used = named }
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: "\(sounds)/\(voice)")) ?? []).sorted()
        return files.filter { $0.hasSuffix(".wav") }.map { String($0.dropLast(4)) }.filter { !named.contains($0) }
            .compactMap {
                guard let sound = prompt($0, voice), (3_500...40_000).contains(sound.ms) else { return nil }
                return play([$0], voice, language, "machine \($0)", .machine)
            }
    }

    private mutating func announcements(_ voice: String, _ language: String) -> [Recording] {
        let prompts = [
            ["ss-noservice"], ["cannot-complete-as-dialed", "check-number-dial-again"],
            ["all-circuits-busy-now", "pls-try-call-later"],
            ["tt-allbusy"], ["number-not-answering", "please-try-call-later"],
        ]
        let information = ["sit-intercept", "sit-vacant", "sit-reorder", "sit-no-circuit", "sit-itu"]
        var all: [Recording] = []
        for (index, names) in prompts.enumerated() {
            let tone = Sound(file: "\(tones)/\(information[index]).raw")
            if let with = play(names, voice, language, "announcement \(names[0]), tones", .network, first: tone) {
                all.append(with)
            }
            if let bare = play(names, voice, language, "announcement \(names[0])", .network) { all.append(bare) }
        }
        return all
    }

    private mutating func tonesAlone() -> [Recording] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: tones)) ?? []).sorted()
        return names.filter { !$0.hasPrefix("beep-") && $0.hasSuffix(".raw") }.compactMap { name in
            guard let sound = Sound(file: "\(tones)/\(name)") else { return nil }
            return Recording(
                name: String(name.dropLast(4)), voice: "spandsp", language: "-", kind: .network,
                sound: silence(200...1_500) + sound + Sound(silenceMs: 3_000))
        }
    }

    private mutating func silence(_ range: ClosedRange<Int>) -> Sound { Sound(silenceMs: random.ms(range)) }

    private func prompt(_ name: String, _ voice: String) -> Sound? { Sound(file: "\(sounds)/\(voice)/\(name).wav") }

    /// Nil where the voice lacks a prompt.
    private mutating func play(
        _ prompts: [String], _ voice: String, _ language: String, _ name: String, _ kind: Answerer, first: Sound? = nil,
        then beep: Sound? = nil
    ) -> Recording? {
        var recording = Recording(
            name: name, voice: voice, language: language, kind: kind, sound: silence(150...900))
        if let first { recording.sound = recording.sound + first }
        used.formUnion(prompts)
        for (place, name) in prompts.enumerated() {
            // Russian digits and the like may lie elsewhere; a greeting without one is a greeting.
            guard let sound = prompt(name, voice) else {
                if place > 0, name.hasPrefix("digits/") { continue }
                if place > 0, prompts.count > 1, place == prompts.count - 1 { continue }
                return nil
            }
            let startMs = recording.sound.ms
            recording.sound = recording.sound + sound
            if language == "en", let text = PromptTexts.english[name] {
                // Of long prompts the first sentence: it is told when it is over.
                recording.words.append((min(recording.sound.ms, startMs + 5_000) + 500, text))
            }
        }
        if let beep {
            recording.sound = recording.sound + silence(150...700) + beep
            recording.beepEndMs = recording.sound.ms
        }
        recording.sound = recording.sound + Sound(silenceMs: 4_000)
        return recording
    }

    // MARK: People

    /// Who says hello in the voices of the prompts, and waits.
    private mutating func hellos(_ voice: String, _ language: String) -> [Recording] {
        [
            "hello", "im-sorry", "vm-sorry", "goodbye", "one-moment-please", "auth-thankyou", "privacy-thankyou",
            "vm-goodbye",
        ]
        .compactMap { name in
            guard let sound = prompt(name, voice), sound.ms < 2_600 else { return nil }
            var recording = Recording(
                name: "person says \(name)", voice: voice, language: language, kind: .person,
                sound: silence(200...1_500))
            recording.sound = recording.sound + sound + silence(1_500...4_000) + sound + Sound(silenceMs: 3_000)
            return recording
        }
    }

    private func fixtureRows() -> [(path: String, text: String)] {
        let text = (try? String(contentsOfFile: "\(fixtures)/recordings.tsv", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            let fields = line.split(separator: "\t")
            return fields.count == 4 ? (String(fields[0]), String(fields[3])) : nil
        }
    }

    /// The machines that our own simulated carrier answers with.
    private mutating func callees() -> [Recording] {
        let kinds: [String: Answerer] = [
            "voicemail": .voicemail, "menu": .menu, "screening": .screening, "assistant": .machine,
            "not-in-service": .network,
            "hello": .person,
        ]
        return fixtureRows().compactMap { row in
            let name = row.path.dropFirst("callees/".count).dropLast(".ulaw".count)
            guard row.path.hasPrefix("callees/"), let kind = kinds[String(name)],
                let sound = Sound(muLaw: "\(fixtures)/\(row.path)")
            else { return nil }
            var recording = Recording(
                name: "our \(name)", voice: "flite", language: "en", kind: kind, sound: silence(150...900) + sound)
            recording.words.append((min(recording.sound.ms, 6_000) + 500, row.text))
            recording.sound = recording.sound + Sound(silenceMs: 4_000)
            return recording
        }
    }

    /// Each of our callers' sentences as the first thing that somebody says, another of the same voice after the agent has spoken.
    private mutating func people() -> [Recording] {
        let rows = fixtureRows()
        return rows.enumerated().compactMap { index, row in
            guard !row.path.hasPrefix("callees/"), let first = Sound(muLaw: "\(fixtures)/\(row.path)") else {
                return nil
            }
            let voice = row.path.split(separator: "/").first.map(String.init) ?? ""
            let others = rows.filter { $0.path.hasPrefix(voice) }
            let other = others[(index * 7 + 3) % others.count]
            var recording = Recording(
                name: "person \(row.path)", voice: voice, language: "en", kind: .person, sound: silence(200...1_500))
            recording.sound = recording.sound + first
            recording.words.append((recording.sound.ms + 500, row.text))
            recording.sound = recording.sound + silence(1_500...4_000)
            if let second = Sound(muLaw: "\(fixtures)/\(other.path)") {
                recording.sound = recording.sound + second
                recording.words.append((recording.sound.ms + 500, other.text))
            }
            recording.sound = recording.sound + Sound(silenceMs: 3_000)
            return recording
        }
    }

    /// Three sentences in one breath: longer than people speak who answer the telephone.
    private mutating func longPeople() -> [Recording] {
        let rows = fixtureRows()
        return ["rms", "awb", "kal16"].flatMap { voice -> [Recording] in
            let own = rows.filter { $0.path.hasPrefix(voice + "/") }
            return (0..<6).map { index in
                var recording = Recording(
                    name: "long person \(voice) \(index)", voice: voice, language: "en", kind: .person,
                    sound: silence(200...900))
                var text = ""
                for step in 0..<3 {
                    let row = own[(index * 5 + step * 3) % own.count]
                    guard let sound = Sound(muLaw: "\(fixtures)/\(row.path)") else { continue }
                    recording.sound = recording.sound + sound + silence(50...200)
                    text += row.text + " "
                }
                recording.words.append((recording.sound.ms + 500, text))
                recording.sound = recording.sound + Sound(silenceMs: 3_000)
                recording.isLong = true
                return recording
            }
        }
    }
}
