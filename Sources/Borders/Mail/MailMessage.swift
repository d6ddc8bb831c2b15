package import Foundation

/// One mail to one person, in plain text.
package struct MailMessage: Sendable {
    package var to: MailAddress
    package var subject: String
    package var text: String
    /// What names it, the same each time it is sent: who gets it twice can tell. Letters, digits and hyphens.
    package var id: String
    package var date: Date

    package init(to: MailAddress, subject: String, text: String, id: String, date: Date) {
        self.to = to
        self.subject = subject
        self.text = text
        self.id = id
        self.date = date
    }

    /// Whole lines.
    func headers(from: MailAddress) -> [String] {
        [
            "Date: \(Self.written(date))", "From: \(from.header)", "To: \(to.header)",
            "Subject: \(HeaderText.encoded(subject))", "Message-ID: <\(id)@\(from.domain)>",
            // No answering machine answers it (RFC 3834).
            "Auto-Submitted: auto-generated",
        ]
    }

    /// With CRLF, as SMTP has it.
    var body: String { text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n") + "\r\n" }

    /// RFC 5322: `Mon, 30 Nov 2026 14:02:27 +0000`.
    static func written(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: date)
    }
}
