/// The server that takes what is to be sent, and who it is from.
package struct MailServer: Sendable {
    package struct Login: Sendable {
        package var user: String
        package var password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// smtp://host:port, where TLS begins by STARTTLS, or smtps://host:port.
    package var url: String
    package var from: MailAddress
    package var login: Login?
    /// False only where nobody else hears, or where a setting says that they may.
    package var needsTLS: Bool
    /// Certificates to trust in place of the system's.
    package var authoritiesPath: String?

    package init(
        url: String, from: MailAddress, login: Login? = nil, needsTLS: Bool = true, authoritiesPath: String? = nil
    ) {
        self.url = url
        self.from = from
        self.login = login
        self.needsTLS = needsTLS
        self.authoritiesPath = authoritiesPath
    }
}
