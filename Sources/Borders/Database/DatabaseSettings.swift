package import Settings

/// Which PostgreSQL, and as whom.
package enum DatabaseSettings {
    package static let url = Setting(
        "PARLEY_DATABASE_URL", .url("postgres", "postgresql"),
        "libpq URI of the application role; absent: a private PostgreSQL", secret: true)
    package static let ownerURL = Setting(
        "PARLEY_DATABASE_OWNER_URL", .url("postgres", "postgresql"),
        "libpq URI of the schema's owner, for parley migrate only", secret: true)

    package static let all: [any AnySetting] = [url, ownerURL]
}
