/// Where a rule or a custom holds: a country (`de`), a part of one (`us-fl`), or several that are spoken of together (`eu`,
/// `gulf`). The places there are stand in `Lexicons/places-en.json`.
package struct Place: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let code: String

    package init(_ code: String) { self.code = code }

    package var description: String { code }

    package static func < (one: Place, other: Place) -> Bool { one.code < other.code }
}

/// Where the people of a call are, as far as their numbers tell.
package struct Whereabouts: Hashable, Sendable {
    package var caller: Place?
    /// Whose agent speaks.
    package var tenant: Place?

    package static let unknown = Whereabouts()

    package init(caller: Place? = nil, tenant: Place? = nil) {
        self.caller = caller
        self.tenant = tenant
    }

    /// - Parameters:
    ///   - callerNumber: in international form; nil when it was withheld.
    ///   - tenantNumber: the number that was called, or called from.
    package init(callerNumber: String?, tenantNumber: String?) {
        let places = Places.known
        self.init(
            caller: callerNumber.flatMap(places.place(ofNumber:)),
            tenant: tenantNumber.flatMap(places.place(ofNumber:)))
    }

    /// What a question is about that names no place.
    var place: Place? { caller ?? tenant }
}
