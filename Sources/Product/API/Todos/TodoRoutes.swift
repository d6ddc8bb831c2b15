import CRM
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// What users have noted for themselves.
enum TodoRoutes {
    static let resource = Resource(
        "todos", of: "Todo", seenBy: { Seen.isAll($0) ? nil : Seen.ofUser($0) },
        completedBy: { transaction, context, given, before in
            var given = given
            if before == nil {
                let asker = try context.userID(in: transaction).map { $0.uuidString.lowercased() }
                guard let user = given["user_id"]?.text ?? asker else {
                    throw Problem.unprocessable([.of("user_id", "This token is no user's: `user_id` says whose it is.")]
                    )
                }
                guard try user.lowercased() == asker || Seen.isAll(context.principal) else {
                    throw Problem.unprocessable([.of("user_id", "An agent writes for nobody else.")])
                }
                given["user_id"] = .text(user)
            }
            if let done = given["is_done"], done != before?["is_done"] {
                given["done_at"] = done == .bool(true) ? .text(context.now.formatted(.iso8601)) : .null
            }
            return given
        },
        [
            .reference(TodoColumn.userID, to: "users", [.filter, .once]),
            .text(TodoColumn.title, [.required, .search], max: 200),
            .text(TodoColumn.description, .search, max: 10_000),
            .time(TodoColumn.dueAt, [.filter, .sort], filteredAs: "due"),
            .choice(TodoColumn.priority, ["low", "medium", "high", "urgent"], .filter, standard: "medium"),
            .flag(TodoColumn.isDone, .filter, standard: false), .time(TodoColumn.doneAt, .readOnly),
        ])
}
