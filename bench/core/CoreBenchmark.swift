import AudioCore
import CAllocationCounter
import CallModel
import Glibc
import Runtime
import TwilioProtocol

/// Nanoseconds and allocations a frame on the media path. Exits 1 when a frame allocates, or when its whole way takes too many
/// times as long as looking each of its bytes up in a table, measured in the same run: nanoseconds would be the machine's.
@main struct CoreBenchmark {
    /// Many short rounds: the quickest of them had the core to itself even on a busy machine.
    static let frames = 5_000
    static let rounds = 300
    /// Of the table's.
    static let totalRatioMax = 2.5

    static func main() {
        #if DEBUG
            print("core-benchmark: a debug build measures nothing; run: swift run -c release core-benchmark")
            exit(1)
        #else
            exit(run() ? 0 : 1)
        #endif
    }

    static func run() -> Bool {
        guard countsAllocations() else {
            print(
                "FAILED: the allocation counter does not stand in front of malloc; nothing it says would mean anything")
            return false
        }
        print("one frame = 160 bytes of μ-law, 20 ms; best of \(rounds) rounds of \(frames) frames")
        print(row("step", "ns/frame", "allocations/frame"))
        var totalNanoseconds = 0.0
        var totalAllocations: UInt64 = 0
        for measurement in [scan(), decode(), ring(), pace(), encode()] {
            print(row(measurement.name, decimal(measurement.nanoseconds), allocations(measurement.allocations)))
            totalNanoseconds += measurement.nanoseconds
            totalAllocations += measurement.allocations
        }
        print(row("sum", decimal(totalNanoseconds), allocations(totalAllocations)))
        let table = lookUp()
        print(row(table.name, decimal(table.nanoseconds), allocations(table.allocations)))
        let ratio = totalNanoseconds / table.nanoseconds
        let passed = totalAllocations == 0 && ratio <= totalRatioMax
        print(
            "\(passed ? "passed" : "FAILED"): sum over the table \(hundredths(ratio)), at most \(decimal(totalRatioMax))"
        )
        return passed
    }

    /// Makes one array and looks whether the counter saw it.
    static func countsAllocations() -> Bool {
        let before = parley_allocations()
        sink([Int](repeating: 1, count: 1_000 + frames))
        return parley_allocations() > before
    }

    struct Measurement {
        var name: String
        var nanoseconds: Double
        /// In all rounds together.
        var allocations: UInt64
    }

    /// Runs `frame` until warm, then `rounds` times; takes the quickest round and every allocation.
    static func measure(_ name: String, _ frame: (Int) -> Void) -> Measurement {
        for index in 0..<frames { frame(index) }
        var best = Double.infinity
        var allocations: UInt64 = 0
        for _ in 0..<rounds {
            let before = parley_allocations()
            let start = MonotonicTime.now().nanoseconds
            for index in 0..<frames { frame(index) }
            let end = MonotonicTime.now().nanoseconds
            allocations += parley_allocations() - before
            best = min(best, Double(end - start) / Double(frames))
        }
        return Measurement(name: name, nanoseconds: best, allocations: allocations)
    }

    /// The carrier's JSON to numbers and audio, base64 included.
    static func scan() -> Measurement {
        let message = carrierMessage()
        var audio = [UInt8](repeating: 0, count: TwilioMessage.audioBytesMax)
        return measure("scan (JSON and base64)") { _ in
            var span = audio.mutableSpan
            guard case .media(let frame)? = try? TwilioMessage.decodeInbound(message.span, audio: &span),
                frame.payloadBytes == MuLaw.frameBytes
            else { fatalError("the benchmark's own message was refused") }
            sink(frame.timestampMs)
        }
    }

    /// μ-law to linear.
    static func decode() -> Measurement {
        let frame = speech()
        var pcm = [Int16](repeating: 0, count: frame.count)
        return measure("decode (μ-law)") { index in
            var span = pcm.mutableSpan
            MuLaw.decode(frame.span, into: &span)
            sink(Int(span[index % 160]))
        }
    }

    /// One frame in, one frame out.
    static func ring() -> Measurement {
        let frame = speech()
        var out = [UInt8](repeating: 0, count: frame.count)
        var ring = AudioRing(capacityBytes: 24_100)
        for _ in 0..<20 { _ = ring.write(frame.span) }
        return measure("ring (write and read)") { _ in
            sink(ring.write(frame.span))
            var span = out.mutableSpan
            sink(ring.read(into: &span))
        }
    }

    /// One tick: how much may go, and that it went.
    static func pace() -> Measurement {
        var pacer = Pacer()
        var now = MonotonicTime(nanoseconds: 1_000_000_000)
        return measure("pace") { _ in
            let allowed = pacer.bytesDue(at: now)
            pacer.sent(bytes: allowed, at: now)
            sink(allowed)
            sink(Int(pacer.nextDue(at: now).nanoseconds))
            now = now.adding(milliseconds: 20)
        }
    }

    /// Audio to the carrier's JSON.
    static func encode() -> Measurement {
        let frame = speech()
        let writer = TwilioFrameWriter(streamSid: streamSid())
        return measure("encode (JSON and base64)") { _ in
            writer.withMedia(frame.span) { sink($0.count) }
        }
    }

    /// The yardstick: every byte that the steps above read, as often as they do, by way of a table into another place.
    static func lookUp() -> Measurement {
        let message = carrierMessage()
        // The message, its audio as mu-law, into the ring and out of it, and as base64 again.
        let bytes = (0..<(message.count + 4 * MuLaw.frameBytes)).map { message[$0 % message.count] }
        let table = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        var out = [UInt8](repeating: 0, count: bytes.count)
        return measure("yardstick (a table)") { index in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe table.withUnsafeBufferPointer { table in
                    unsafe out.withUnsafeMutableBufferPointer { out in
                        for place in bytes.indices { unsafe out[place] = table[Int(bytes[place])] }
                    }
                }
            }
            sink(Int(out[index % out.count]))
        }
    }

    static func carrierMessage() -> [UInt8] {
        guard let callSid = CallSid("CA00000000000000000000000000000001") else { fatalError("a call id") }
        var writer = TwilioCarrierWriter(
            streamSid: streamSid(), callSid: callSid, accountSid: "AC00000000000000000000000000000001")
        writer.sequenceNumber = 40_002
        writer.chunk = 40_001
        writer.timestampMs = 800_000
        var message: [UInt8] = []
        writer.withMedia(speech().span) { span in
            for index in span.indices { message.append(span[index]) }
        }
        return message
    }

    static func streamSid() -> StreamSid {
        guard let streamSid = StreamSid("MZ00000000000000000000000000000001") else { fatalError("a stream id") }
        return streamSid
    }

    static func speech() -> [UInt8] { (0..<MuLaw.frameBytes).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) } }

    /// Keeps the optimiser from dropping what is measured.
    @inline(never) @_optimize(none) static func sink(_ value: Int) {}
    /// The same for a whole array, which is then really made.
    @inline(never) @_optimize(none) static func sink(_ values: [Int]) {}

    static func row(_ name: String, _ nanoseconds: String, _ allocations: String) -> String {
        name + String(repeating: " ", count: max(1, 28 - name.count))
            + String(repeating: " ", count: max(1, 10 - nanoseconds.count)) + nanoseconds
            + String(repeating: " ", count: max(1, 20 - allocations.count)) + allocations
    }

    static func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    static func hundredths(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)"
    }

    static func allocations(_ count: UInt64) -> String {
        count == 0 ? "0" : "\(Double(count) / Double(frames * rounds))"
    }
}
