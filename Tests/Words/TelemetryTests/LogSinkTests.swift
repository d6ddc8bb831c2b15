import Foundation
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(2))) struct LogSinkTests {
    /// Above what a pipe and the queue take together.
    private static let flood = 40_000

    private static func sum(_ lines: [[String: Any]], of message: String) -> Int {
        lines.filter { $0["message"] as? String == message }.compactMap { $0["count"] as? Int }.reduce(0, +)
    }

    private static let dropped = "lines of log were dropped: they could not be written in time"
    private static let leftOut = "more of one kind were left out"

    @Test func `a log that nobody reads keeps no one waiting, and tells what is missing once it is read`() throws {
        let (pipe, metrics) = (try LogPipe(), Metrics())
        let flags = fcntl(pipe.writing, F_GETFL)
        let sink = LogSink(descriptor: pipe.writing, asJSON: true, metrics: metrics)

        for number in 0..<Self.flood { sink.log(.info, "webhook refused", ["number": number, "why": "unsigned"]) }
        #expect(!sink.flush(withinMs: 20), "the end of the process does not wait for ever either")
        let lines = try pipe.lines(of: sink)

        let numbers = lines.compactMap { $0["number"] as? Int }
        #expect(numbers == numbers.sorted() && numbers.first == 0)
        #expect(numbers.count < Self.flood && numbers.count > 5_000)
        #expect(numbers.count + Self.sum(lines, of: Self.dropped) == Self.flood)
        #expect(metrics.exposition().contains(#"parley_log_lines_dropped_total{reason="queue"}"#))
        #expect(fcntl(pipe.writing, F_GETFL) == flags, "a parent shares them")
        sink.log(.info, "after", [:])
        #expect(try pipe.lines(of: sink).map { $0["message"] as? String } == ["after"])
    }

    @Test func `an error is written however many other lines were dropped before it`() throws {
        let pipe = try LogPipe()
        let sink = LogSink(descriptor: pipe.writing, asJSON: true, metrics: Metrics())

        for number in 0..<Self.flood { sink.log(.warning, "odd", ["number": number]) }
        sink.log(.error, "someone must act", [:])
        for number in 0..<Self.flood { sink.log(.warning, "odd", ["number": number]) }
        let lines = try pipe.lines(of: sink)

        let at = try #require(lines.firstIndex { $0["message"] as? String == "someone must act" })
        #expect(lines[at - 1]["message"] as? String == Self.dropped, "and what is missing before it is told before it")
        #expect(lines.count { $0["number"] != nil } + Self.sum(lines, of: Self.dropped) == 2 * Self.flood)
    }

    @Test func `ten lines of a kind are written, then their count`() throws {
        let (pipe, metrics) = (try LogPipe(), Metrics())
        let sink = LogSink(descriptor: pipe.writing, asJSON: true, metrics: metrics)

        for number in 0..<500 {
            sink.log(.warning, "webhook refused", ["peer": "192.0.2.\(number % 8)"], perSecond: 10)
        }
        sink.log(.warning, "call refused", [:], perSecond: 10)
        let lines = try pipe.lines(of: sink)

        let refused = lines.count { $0["message"] as? String == "webhook refused" }
        // A second may end between two of them.
        #expect(refused % 10 == 0 && refused <= 30)
        #expect(refused + Self.sum(lines, of: Self.leftOut) == 500)
        #expect(lines.contains { $0["kind"] as? String == "webhook refused" && $0["level"] as? String == "warning" })
        #expect(lines.contains { $0["message"] as? String == "call refused" }, "another kind has its own rate")
        #expect(metrics.exposition().contains(#"parley_log_lines_dropped_total{reason="rate"} \#(500 - refused)"#))
    }

    @Test func `the count comes when the second is over, also when nothing more is logged`() async throws {
        let pipe = try LogPipe()
        let sink = LogSink(descriptor: pipe.writing, asJSON: true, metrics: Metrics())

        for _ in 0..<25 { sink.log(.warning, "webhook refused", [:], perSecond: 10) }
        let text = try pipe.text(upTo: Self.leftOut)

        #expect(text.contains(#""kind":"webhook refused","count":15"#))
    }

    @Test func `a reader that has gone away, and a file that takes nothing, stop nobody`() throws {
        signal(SIGPIPE, SIG_IGN)
        for path in ["/dev/full", "/dev/null"] {
            let descriptor = open(path, O_WRONLY)
            let sink = LogSink(descriptor: descriptor, asJSON: true, metrics: Metrics())
            for number in 0..<1_000 { sink.log(.info, "a line", ["number": number]) }

            #expect(sink.flush(withinMs: 30_000), "\(path)")
            close(descriptor)
        }
        let closed = LogSink(descriptor: 1_000_000, asJSON: true, metrics: Metrics())
        closed.log(.error, "a line", [:])
        #expect(closed.flush(withinMs: 30_000))
    }

    @Test func `a file that takes lines again after a while gets them, and the count of those it did not take`() throws
    {
        let (pipe, descriptor) = (try LogPipe(), open("/dev/full", O_WRONLY))
        defer { close(descriptor) }
        let sink = LogSink(descriptor: descriptor, asJSON: true, metrics: Metrics())
        for number in 0..<3 {
            sink.log(.info, "lost", ["number": number])
            #expect(sink.flush(withinMs: 30_000))
        }

        try #require(dup2(pipe.writing, descriptor) == descriptor)
        sink.log(.info, "kept", [:])
        let lines = try pipe.lines(of: sink)

        #expect(lines.map { $0["message"] as? String } == ["kept", Self.dropped])
        #expect(Self.sum(lines, of: Self.dropped) == 3)
    }

    @Test func `lines of several threads never mix and stay in their order`() throws {
        let pipe = try LogPipe()
        let sink = LogSink(descriptor: pipe.writing, asJSON: true, metrics: Metrics())
        let filler = String(repeating: "x", count: 700)

        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for number in 0..<200 { sink.log(.info, "a line", ["thread": thread, "number": number, "text": filler]) }
        }
        let lines = try pipe.lines(of: sink)

        for thread in 0..<4 {
            let mine = lines.filter { $0["thread"] as? Int == thread }.compactMap { $0["number"] as? Int }
            #expect(mine == Array(0..<200), "thread \(thread)")
        }
    }
}
