import Database
import Foundation

/// Reads from the gateway's own database when each call's record was written.
enum CommittedRecords {
    /// Delays from hang-up to the transaction that finalised the call, and how many records are missing after `seconds`.
    static func delays(
        since hangUps: [String: Date], dataDirectory: String, waitSeconds seconds: Int
    ) async throws -> (delays: DelaySummary, missing: Int) {
        // The gateway's process runs the server; this one only visits it.
        let cluster = try await PrivateCluster.start(dataDirectory: dataDirectory)
        let database = Database(url: cluster.ownerURL, connectionsMax: 1, applicationName: "parley bench")
        var found: [String: Double] = [:]
        for second in 0...seconds {
            found = try await read(database)
            if hangUps.keys.allSatisfy({ found[$0] != nil }) { break }
            if second < seconds { try await Task.sleep(for: .seconds(1)) }
        }
        await database.close()
        var histogram = DelayHistogram()
        var missing = 0
        for (sid, hungUpAt) in hangUps {
            guard let at = found[sid] else {
                missing += 1
                continue
            }
            histogram.record(nanoseconds: Int64((at - hungUpAt.timeIntervalSince1970) * 1_000_000_000))
        }
        return (histogram.summary, missing)
    }

    /// How many consults ended how.
    static func consultEndings(in dataDirectory: String) async throws -> [String: Int] {
        let cluster = try await PrivateCluster.start(dataDirectory: dataDirectory)
        let database = Database(url: cluster.ownerURL, connectionsMax: 1, applicationName: "parley bench")
        let endings = try await database.unscoped { transaction in
            let rows = try transaction.query(
                "select ending::text as ending, count(*)::int as n from consults group by 1")
            var endings: [String: Int] = [:]
            for row in rows { endings[try row.text("ending")] = try row.int("n") }
            return endings
        }
        await database.close()
        return endings
    }

    private static func read(_ database: Database) async throws -> [String: Double] {
        try await database.unscoped { transaction in
            let rows = try transaction.query(
                """
                select carrier_call_sid as sid, extract(epoch from finalized_at)::float8 as at
                from calls where finalized_at is not null
                """)
            var found: [String: Double] = [:]
            for row in rows { found[try row.text("sid")] = try row.double("at") }
            return found
        }
    }
}
