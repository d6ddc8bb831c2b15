package import Runtime
import Synchronization

/// Where passwords are hashed and checked: a few at once, on threads of their own. Each takes 64 MB and a core for a tenth of a
/// second, which neither calls nor other requests are to wait for.
package final class PasswordDesk: Sendable {
    package enum Refusal: Error, Equatable {
        /// So many wait already.
        case full
        /// There is no memory.
        case memory
    }

    package enum Verdict: Equatable, Sendable {
        case wrong
        case right
        /// Right, and made at an earlier cost: time to make it anew.
        case dated
    }

    /// One a process: the memory is everybody's.
    package static let shared = PasswordDesk()

    private let waitingMax: Int
    private let threads: BackgroundThreads
    private let waiting = Mutex(0)

    /// What a password is held against where there is none: it takes as long, and is wrong.
    private let nobodys: Task<String, any Error>

    package init(waitingMax: Int = 64, on threads: BackgroundThreads = .passwords) {
        self.waitingMax = waitingMax
        self.threads = threads
        nobodys = Task(executorPreference: threads) {
            guard let hash = PasswordHash.make((0..<32).map { _ in UInt8.random(in: .min ... .max) }) else {
                throw Refusal.memory
            }
            return hash
        }
    }

    /// In the notation that the database keeps.
    package func hash(_ password: String) async throws -> String {
        try await take {
            guard let hash = PasswordHash.make(Array(password.utf8)) else { throw Refusal.memory }
            return hash
        }
    }

    /// - Parameter hash: nil where nobody has one: the verdict is then wrong, and takes as long as any.
    package func check(_ password: String, against hash: String?) async throws -> Verdict {
        let nobodys = hash == nil ? try await nobodys.value : ""
        return try await take {
            guard PasswordHash.holds(hash ?? nobodys, Array(password.utf8)), let hash else { return .wrong }
            return PasswordHash.isDated(hash) ? .dated : .right
        }
    }

    private func take<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        let isFull = waiting.withLock { waiting in
            guard waiting < waitingMax else { return true }
            waiting += 1
            return false
        }
        if isFull { throw Refusal.full }
        defer { waiting.withLock { $0 -= 1 } }
        return try await Task(executorPreference: threads) { try work() }.value
    }
}
