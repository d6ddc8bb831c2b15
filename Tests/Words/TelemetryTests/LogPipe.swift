import Foundation
import Synchronization
import Telemetry
import Testing

/// A pipe under a log, whose reader reads when it is told to.
final class LogPipe: Sendable {
    let writing: Int32
    private let reading: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        close(reading)
        close(writing)
    }

    /// Reads until the sink has written all it has; its lines, each of which must be a JSON object.
    func lines(of sink: LogSink) throws -> [[String: Any]] {
        let isWritten = Mutex(false)
        let text = Mutex<[UInt8]>([])
        let isRead = DispatchSemaphore(value: 0)
        let reader = Thread { [reading] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let wasWritten = isWritten.withLock { $0 }
                var wanted = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
                let isThere = poll(&wanted, 1, 5) == 1
                if isThere {
                    let count = read(reading, &buffer, buffer.count)
                    text.withLock { $0 += buffer[..<max(0, count)] }
                } else if wasWritten {
                    break
                }
            }
            isRead.signal()
        }
        reader.start()
        #expect(sink.flush(withinMs: 30_000))
        isWritten.withLock { $0 = true }
        isRead.wait()
        return try text.withLock { $0 }.split(separator: UInt8(ascii: "\n")).map { line in
            try #require(
                try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
                "\(String(decoding: line, as: UTF8.self))")
        }
    }

    /// Reads until `words` have come, however long that takes.
    func text(upTo words: String) throws -> String {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !text.contains(words) || !text.hasSuffix("\n") {
            let count = read(reading, &buffer, buffer.count)
            try #require(count > 0)
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return text
    }
}
