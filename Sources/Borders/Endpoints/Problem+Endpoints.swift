import Database
import FoundationEssentials
import Telemetry
package import WebSocketTransport

extension Problem {
    package static func badRequest(_ detail: String, _ faults: [Fault] = []) -> Problem {
        Problem(status: 400, title: "Bad request", detail: detail, faults: faults)
    }

    package static func unauthorized(_ detail: String) -> Problem {
        Problem(
            status: 401, title: "Unauthorized", detail: detail,
            headers: ["www-authenticate": #"Bearer realm="parley", error="invalid_token""#])
    }

    package static func forbidden(_ role: APIRole) -> Problem {
        Problem(status: 403, title: "Forbidden", detail: "This needs the role \(role.rawValue).")
    }

    /// What is asked for does not exist, or is another tenant's.
    package static let notFound = Problem(
        status: 404, title: "Not found", detail: "There is no such thing for this token.")

    package static func conflict(_ detail: String) -> Problem { Problem(status: 409, detail: detail) }

    package static let changedMeanwhile = Problem(
        status: 412, title: "Precondition failed",
        detail: "This has changed since the ETag in `If-Match`; read it again.")

    /// Values that cannot be.
    package static func unprocessable(_ faults: [Fault]) -> Problem {
        let detail =
            faults.count == 1 ? faults[0].detail : "There are \(faults.count) mistakes in the body; see `errors`."
        return Problem(status: 422, title: "Unprocessable content", detail: detail, faults: faults)
    }

    package static func tooMany(_ detail: String, retryAfterSeconds: Int) -> Problem {
        Problem(
            status: 429, title: "Too many requests", detail: detail, headers: ["retry-after": "\(retryAfterSeconds)"])
    }

    package static let unavailable = Problem(
        status: 503, title: "Database unavailable", detail: "The database does not answer. Try again shortly.",
        headers: ["retry-after": "2"])

    package static let broken = Problem(
        status: 500, title: "Internal error", detail: "The request failed; see the log.")

    /// What a handler threw, as it is told to who asked.
    static func of(_ error: any Error) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case is CancellationError: return .unavailable
        case let error as DatabaseError where error.isRetryable || error == .closed:
            Log.warning("API request without database", ["error": error])
            return .unavailable
        case let error as DatabaseError where error.isRefusal:
            Log.info("request breaks a rule of the database", ["error": error])
            return .conflict("This does not go together with what is there already\(Self.rule(of: error)).")
        default:
            Log.error("API request failed", ["error": error])
            return .broken
        }
    }

    /// Rules of ours are sentences: `name_is_one_profile_of_a_tenant`. Those that PostgreSQL named end otherwise.
    private static func rule(of error: DatabaseError) -> String {
        guard case .statementFailed(_, _, let constraint?) = error,
            !["_fkey", "_pkey", "_key", "_check"].contains(where: { constraint.hasSuffix($0) })
        else { return "" }
        return ": \(constraint.replacing("_", with: " "))"
    }
}
