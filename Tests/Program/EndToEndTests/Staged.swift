import Foundation
import Synchronization
import TestSupport
import Testing

/// Lets a few tests be on stage at once: more would measure the machine and not the gateway. What a test that failed
/// half-way has left standing is taken down behind it.
struct Staged: TestTrait, SuiteTrait, TestScoping {
    var places = 1
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        precondition(Props.current == nil, "\(test.name) would wait for places while its suite holds some")
        try await Turnstile.stages.pass(places) {
            let props = Props()
            do {
                try await Props.$current.withValue(props) { try await function() }
            } catch {
                await props.clear()
                throw error
            }
            await props.clear()
        }
    }
}

extension Trait where Self == Staged {
    static var staged: Staged { Staged() }
    /// For a test with one call in real audio: it takes a tenth of a processor, most of it at the same moments.
    static var audible: Staged { Staged(places: 2) }
    /// For a test whose call is heard by real recognisers on both sides, and judged by how it was heard.
    static var leading: Staged { Staged(places: 3) }
}

/// What one test has put up, to be taken down when it ends.
final class Props: Sendable {
    @TaskLocal static var current: Props?

    private let endings = Mutex<[@Sendable () async -> Void]>([])

    /// Runs when the running test ends, the last one first. Without a test: never.
    static func atEnd(_ ending: @escaping @Sendable () async -> Void) {
        current?.endings.withLock { $0.append(ending) }
    }

    /// A directory for the running test, gone with it.
    static func directory(_ name: String) -> String {
        let path = NSTemporaryDirectory() + "parley-test-\(getpid())/\(name)-\(UUID().uuidString.prefix(8))"
        atEnd { try? FileManager.default.removeItem(atPath: path) }
        return path
    }

    func clear() async {
        while let ending = endings.withLock({ $0.popLast() }) { await ending() }
    }
}

extension GatewayProcess {
    /// One that ends with the running test, if not before.
    static func onStage(
        _ environment: [String: String], standardError: Pipe? = nil, standardOutput: Pipe? = nil
    ) throws -> GatewayProcess {
        let gateway = try GatewayProcess(
            environment, standardError: standardError, standardOutput: standardOutput)
        Props.atEnd { gateway.kill() }
        return gateway
    }
}

/// Raised once, seen by all.
final class Flag: Sendable {
    private let state = Mutex(false)
    var isUp: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
}
