package import Runtime

/// The carrier's playback queue of one stream and the ear behind it: what was appended is played at 8 kHz on the clock
/// that is passed in, marks come back when they are reached, and every sample that was heard is kept in its place.
///
/// The rules are Twilio's as documented and observed: audio and marks in arrival order, playback at once when idle, a
/// mark on an empty queue echoed at once, `clear` drops all audio and echoes every pending mark.
package struct PlayoutBuffer: Sendable {
    /// Audio a `clear` dropped: heard by nobody.
    package struct Discard: Equatable, Sendable {
        /// Samples since the stream began, when the `clear` came.
        package var atSample: Int
        package var byteCount: Int
        /// The first ``discardKeptBytesMax`` bytes of it.
        package var audio: [UInt8]
    }

    private enum Item {
        case audio([UInt8], next: Int)
        case mark(String)
    }

    /// Ten minutes: more queued audio than this is dropped, as the carrier does (warning 31931).
    package static let queuedBytesMax = 4_800_000
    /// One hour of timeline is kept; a longer call is counted on, but no longer recorded.
    package static let heardBytesMax = 28_800_000
    package static let discardKeptBytesMax = 480_000
    package static let silence: UInt8 = 0xFF

    private let started: MonotonicTime
    private var items: [Item] = []
    private var head = 0

    /// One μ-law byte a sample since the stream began; ``silence`` where nothing was played.
    package private(set) var heard: [UInt8] = []
    /// Samples played or silent so far: the position of the ear.
    package private(set) var positionSamples = 0
    package private(set) var queuedBytes = 0
    package private(set) var playedBytes = 0
    /// Dropped because ten minutes were already queued.
    package private(set) var overflowBytes = 0
    package private(set) var discards: [Discard] = []
    /// Position of the first byte the gateway got played, silent or not.
    package private(set) var firstByteAtSample: Int?

    package init(startedAt started: MonotonicTime) {
        self.started = started
    }

    package var discardedBytes: Int { discards.reduce(0) { $0 + $1.byteCount } }
    package var isIdle: Bool { head == items.count }

    /// Plays up to `now` and returns the marks reached on the way, in order. Time never runs backwards.
    package mutating func advance(to now: MonotonicTime) -> [String] {
        let target = max(positionSamples, Int((now.nanoseconds - started.nanoseconds) * 8 / 1_000_000))
        var echoes: [String] = []
        while positionSamples < target, head < items.count {
            switch items[head] {
            case .mark(let name):
                echoes.append(name)
                head += 1
            case .audio(let bytes, let next):
                let count = min(bytes.count - next, target - positionSamples)
                if firstByteAtSample == nil, count > 0 { firstByteAtSample = positionSamples }
                record(bytes[next..<next + count])
                queuedBytes -= count
                playedBytes += count
                if next + count == bytes.count { head += 1 } else { items[head] = .audio(bytes, next: next + count) }
            }
        }
        echoes += takeLeadingMarks()
        if positionSamples < target { record([UInt8](repeating: Self.silence, count: target - positionSamples)[...]) }
        compact()
        return echoes
    }

    /// Queues audio and returns the marks reached until `now`. What exceeds ten minutes is dropped and counted.
    package mutating func append(_ audio: [UInt8], at now: MonotonicTime) -> [String] {
        let echoes = advance(to: now)
        let room = max(0, Self.queuedBytesMax - queuedBytes)
        let kept = audio.count <= room ? audio : Array(audio[..<room])
        overflowBytes += audio.count - kept.count
        if !kept.isEmpty {
            items.append(.audio(kept, next: 0))
            queuedBytes += kept.count
        }
        return echoes
    }

    /// Queues a mark; the result holds it already when nothing is left to play before it.
    package mutating func mark(_ name: String, at now: MonotonicTime) -> [String] {
        let echoes = advance(to: now)
        if isIdle { return echoes + [name] }
        items.append(.mark(name))
        return echoes
    }

    /// Drops everything queued; returns all marks that were pending, played or not.
    package mutating func clear(at now: MonotonicTime) -> [String] {
        var echoes = advance(to: now)
        var dropped: [UInt8] = []
        for item in items[head...] {
            switch item {
            case .mark(let name): echoes.append(name)
            case .audio(let bytes, let next):
                dropped.append(contentsOf: bytes[next...].prefix(Self.discardKeptBytesMax - dropped.count))
            }
        }
        discards.append(Discard(atSample: positionSamples, byteCount: queuedBytes, audio: dropped))
        items.removeAll()
        head = 0
        queuedBytes = 0
        return echoes
    }

    /// What was heard from `sample` on, up to the present position.
    package func heard(from sample: Int) -> ArraySlice<UInt8> {
        heard[min(max(0, sample), heard.count)...]
    }

    private mutating func takeLeadingMarks() -> [String] {
        var names: [String] = []
        while head < items.count, case .mark(let name) = items[head] {
            names.append(name)
            head += 1
        }
        return names
    }

    /// A slice of bytes, which is copied at once in every build: of another collection a debug build fetches each by itself.
    private mutating func record(_ audio: ArraySlice<UInt8>) {
        positionSamples += audio.count
        heard.append(contentsOf: audio.prefix(Self.heardBytesMax - heard.count))
    }

    private mutating func compact() {
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 512 {
            items.removeFirst(head)
            head = 0
        }
    }
}
