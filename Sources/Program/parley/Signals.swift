import Dispatch
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// Waits for an orderly request to end: SIGTERM, or Ctrl-C. A second Ctrl-C ends the process at once.
enum Signals {
    static func untilAskedToStop() async {
        let (requests, continuation) = AsyncStream.makeStream(of: Int32.self)
        var sources: [any DispatchSourceSignal] = []
        for number in [SIGTERM, SIGINT] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            sources.append(source)
        }
        for await _ in requests { break }
        signal(SIGINT, SIG_DFL)
        sources.forEach { $0.cancel() }
    }
}
