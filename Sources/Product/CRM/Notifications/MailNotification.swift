package import Database
import FoundationEssentials
package import Jobs
package import Mail

/// Tells one user by mail of what a notification says; enqueued in the transaction that writes the notification.
struct MailNotification: JobKind {
    static let kind = "notification.mail"
    /// A mail server that is away, or busy, has most of a day.
    static let policy = {
        var policy = JobPolicy()
        policy.attemptsMax = 30
        policy.backoff = .seconds(30) ... .seconds(3_600)
        policy.placesMax = 2
        return policy
    }()

    var notification: UUID
}

/// Sends notifications as mail, to those who want them so by the time they go.
///
/// Whether a server has taken a mail is known to it first: where this process dies before it has written that down, the mail
/// goes out again, under the same Message-ID.
package struct NotificationMail: Sendable {
    private static let patience = Duration.seconds(40)
    private static let failureCharactersMax = 500

    /// What the server said, so that the job says it.
    private struct NotTaken: Error, CustomStringConvertible { var description: String }

    private let database: Database
    private let sender: MailSender
    private let publicURL: String

    /// - Parameter publicURL: where the notifications' page is.
    package init(database: Database, sender: MailSender, publicURL: String) {
        self.database = database
        self.sender = sender
        self.publicURL = publicURL
    }

    package var handler: JobHandler {
        JobHandler(MailNotification.self) { job, run in
            let letter = try await database.transaction(tenant: run.tenant, urgency: .afterwards) {
                try Letter.read(job.notification, in: $0)
            }
            guard let letter else { return { _ in } }
            guard let to = MailAddress(name: letter.name, address: letter.address) else {
                return Self.failure(job.notification, "The user's address is none that a mail server takes.")
            }
            let message = MailMessage(
                to: to, subject: letter.title, text: text(of: letter), id: job.notification.uuidString.lowercased(),
                date: letter.date)
            switch await sender.send(message, within: Self.patience) {
            case .taken: return Self.success(job.notification)
            case .refused(let reason): return Self.failure(job.notification, "The mail server refuses it: \(reason)")
            case .failed(let reason): throw NotTaken(description: "the mail server has not taken it: \(reason)")
            }
        }
    }

    private func text(of letter: Letter) -> String {
        """
        \(letter.title)
        \(letter.body.map { "\n\($0)\n" } ?? "")
        \(publicURL)/

        --
        You have asked to be told of this by mail: your notifications' preferences say so, and can say otherwise.
        """
    }

    private struct Letter {
        var title: String
        var body: String?
        var name: String
        var address: String
        var date: Date

        /// Nil of one that is gone, that has been sent, or that its user no longer wants by mail.
        static func read(_ id: UUID, in tx: borrowing Transaction) throws -> Letter? {
            try tx.query(reading, [.uuid(id)]).first.map { row in
                Letter(
                    title: try row.text("title"), body: try row.textOrNil("body"), name: try row.text("full_name"),
                    address: try row.text("email"), date: try row.timestamp("created_at"))
            }
        }
    }

    static let reading = """
        select n.title, n.body, u.full_name, u.email, n.created_at
        from notifications n join users u on u.id = n.user_id and u.is_active
        join notification_preferences p on p.user_id = n.user_id and p.kind = n.kind and p.by_email
        where n.tenant_id = (select app.tenant_id()) and n.id = $1 and n.by_email and n.mailed_at is null
            and n.mail_failure is null
        """
    static let sent = """
        update notifications set mailed_at = now() where tenant_id = (select app.tenant_id()) and id = $1
        """
    static let failed = """
        update notifications set mail_failure = $2 where tenant_id = (select app.tenant_id()) and id = $1
        """

    private static func success(_ id: UUID) -> JobEffect { { tx in try tx.send(sent, [.uuid(id)]) } }

    private static func failure(_ id: UUID, _ reason: String) -> JobEffect {
        { tx in try tx.send(failed, [.uuid(id), .text(String(reason.prefix(failureCharactersMax)))]) }
    }
}
