/// Reads `text/event-stream` as it arrives, cut anywhere: line feeds with or without carriage returns, comments, several
/// `data:` lines an event. Bytes become text only when an event is whole, so that a character may be split.
struct EventStreamParser {
    struct Event: Equatable, Sendable {
        /// `message` unless an `event:` line says otherwise.
        var name: String
        var data: String
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// An event longer than this is cut off: the reader finds broken JSON in it.
    private let eventBytesMax: Int
    private var line: [UInt8] = []
    private var name = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var isAfterReturn = false
    private var isFirstLine = true

    init(eventBytesMax: Int = 65_536) { self.eventBytesMax = eventBytesMax }

    /// The events that `bytes` complete.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            if isAfterReturn {
                isAfterReturn = false
                if byte == 0x0A { continue }
            }
            if byte == 0x0A || byte == 0x0D {
                isAfterReturn = byte == 0x0D
                if let event = endLine() { events.append(event) }
            } else if line.count < eventBytesMax {
                line.append(byte)
            }
        }
        return events
    }

    /// What stands at the end of a stream that stops without a blank line.
    mutating func finish() -> Event? {
        if !line.isEmpty { _ = endLine() }
        return endEvent()
    }

    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: EventStreamParser.byteOrderMark) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return endEvent() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data":
            if hasData { data.append(0x0A) }
            hasData = true
            data.append(contentsOf: value.prefix(max(0, eventBytesMax - data.count)))
        case "event": name = String(decoding: value, as: UTF8.self)
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> Event? {
        defer {
            name = ""
            data.removeAll(keepingCapacity: true)
            hasData = false
        }
        guard hasData else { return nil }
        return Event(name: name.isEmpty ? "message" : name, data: String(decoding: data, as: UTF8.self))
    }
}
