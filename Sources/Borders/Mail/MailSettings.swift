import Foundation
package import Settings

/// Where mail goes out, and as whose.
package enum MailSettings {
    package static let server = Setting(
        "PARLEY_SMTP_URL", .mailServer,
        "server that takes mail: smtps://host:465, or smtp://host:587, where TLS begins by STARTTLS; absent: no mail is sent"
    )
    package static let from = Setting(
        "PARLEY_MAIL_FROM", .mailAddress, "who mail is from: Parley <parley@example.com>")
    package static let user = Setting("PARLEY_SMTP_USER", .text, "who we are to that server; absent: we do not log in")
    package static let password = Setting(
        "PARLEY_SMTP_PASSWORD", .text, "the password of PARLEY_SMTP_USER", secret: true)
    package static let goesWithoutTLS = Setting(
        "PARLEY_INSECURE_SMTP_WITHOUT_TLS", .truth, default: false,
        "true sends mail, and the password, in the clear to another machine: whoever is on the way reads and changes it"
    )

    package static let all: [any AnySetting] = [server, from, user, password, goesWithoutTLS]
}

extension SettingKind where Value == String {
    static var mailServer: SettingKind {
        .text(like: "smtps://host:465 or smtp://host:587, the user and the password in settings of their own") { text in
            guard let parts = URLComponents(string: text), ["smtp", "smtps"].contains(parts.scheme ?? ""),
                parts.host?.isEmpty == false
            else { return false }
            return parts.user == nil && parts.password == nil && parts.path.isEmpty && parts.query == nil
                && parts.fragment == nil
        }
    }
}

extension SettingKind where Value == MailAddress {
    static var mailAddress: SettingKind {
        SettingKind(write: \.address) { text throws(SettingMistake) in
            guard let address = MailAddress(text) else {
                throw .isNot("an e-mail address, or one behind a name: Parley <parley@example.com>")
            }
            return address
        }
    }
}
