import CRM
import CallModel
import Database
import Runtime
import SpokenLanguage
import Telemetry

/// The rules of each tenant, for the post-call writer. What many calls that end together need is read once: a change
/// holds for calls read a second later.
actor TenantRulebook {
    struct Book: Sendable {
        let rules: TenantRules
        /// Cards, national ids, and the patterns in the tenant's settings.
        let redaction: Redaction
    }

    private static let timeoutMs = 10_000
    private static let ageMsMax: Int64 = 1_000

    private let database: Database
    private var read: [TenantID: (book: Task<Book, any Error>, at: MonotonicTime)] = [:]

    init(database: Database) { self.database = database }

    func read(_ tenant: TenantID) async throws -> Book {
        if let (book, at) = read[tenant], MonotonicTime.now().milliseconds(since: at) < Self.ageMsMax {
            return try await book.value
        }
        let database = database
        let book = Task(executorPreference: BackgroundThreads.afterwards) {
            let rules = try await database.transaction(
                tenant: tenant, timeoutMs: Self.timeoutMs, urgency: .afterwards
            ) { tx in try TenantRules.read(in: tx) }
            return Book(rules: rules, redaction: Self.redaction(rules, of: tenant))
        }
        read[tenant] = (book, MonotonicTime.now())
        do {
            return try await book.value
        } catch {
            if read[tenant]?.book == book { read[tenant] = nil }
            throw error
        }
    }

    private static func redaction(_ rules: TenantRules, of tenant: TenantID) -> Redaction {
        let patterns = rules.redactionPatterns
        guard !patterns.isEmpty else { return Redaction() }
        do {
            return try Redaction(tenantPatterns: patterns)
        } catch {
            Log.error("redaction patterns of a tenant are unusable", ["tenant.id": tenant, "error": error])
            return Redaction()
        }
    }
}
