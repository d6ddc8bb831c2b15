import CRM
import Database
import Encoding

/// What a column of a file may be put into.
enum ImportField: Hashable, Sendable {
    case column(ContactColumn)
    /// Both go to the contact's name.
    case firstName, lastName
    /// A yes leaves the contact alone from now on; all else says nothing.
    case doNotContact
    /// A tenant's own field.
    case custom(String)

    static let columns: [ContactColumn] = [
        .businessName, .contactName, .contactEmail, .contactRole, .phone, .website, .address, .city, .state, .notes,
        .status, .tags, .lifecycleStage, .leadSource, .timezone, .industry, .companySize,
    ]

    private static let customPrefix = "custom."

    init?(_ name: String) {
        if let column = Self.columns.first(where: { $0.name == name }) {
            self = .column(column)
        } else if name.hasPrefix(Self.customPrefix), name.utf8.count > Self.customPrefix.utf8.count {
            self = .custom(String(name.dropFirst(Self.customPrefix.count)))
        } else {
            switch name {
            case "first_name": self = .firstName
            case "last_name": self = .lastName
            case "do_not_contact": self = .doNotContact
            default: return nil
            }
        }
    }

    /// In JSON, and in the header of an export.
    var name: String {
        switch self {
        case .column(let column): column.name
        case .firstName: "first_name"
        case .lastName: "last_name"
        case .doNotContact: "do_not_contact"
        case .custom(let name): Self.customPrefix + name
        }
    }

    /// By which one contact is told from others, and without any of which there is none.
    var names: Bool {
        switch self {
        case .firstName, .lastName: true
        case .column(let column): [.businessName, .contactName, .contactEmail, .phone].contains(column)
        case .doNotContact, .custom: false
        }
    }

    // MARK: Guessing

    /// What the columns of a file are, by their names: each field for the first that is called so.
    static func proposals(for names: [String], _ custom: CustomFields) -> [ImportField?] {
        var taken: Set<ImportField> = []
        return names.map { name in
            guard let field = guess(name, custom), taken.insert(field).inserted else { return nil }
            return field
        }
    }

    private static func guess(_ name: String, _ custom: CustomFields) -> ImportField? {
        if let field = ImportField(name.lowercased()) {
            guard case .custom(let own) = field else { return field }
            return custom.fields.contains { $0.name == own } ? field : nil
        }
        let key = key(name)
        if let own = custom.fields.first(where: { self.key($0.name) == key }) { return .custom(own.name) }
        return aliases.first { $0.names.contains(key) }?.field
    }

    /// Without case, blanks and punctuation.
    private static func key(_ name: String) -> String {
        String(String.UnicodeScalarView(name.lowercased().unicodeScalars.filter(\.properties.isAlphabetic)))
    }

    private static let aliases: [(field: ImportField, names: Set<String>)] = [
        (
            .column(.phone),
            [
                "phone", "mobile", "cell", "tel", "telephone", "phonenumber", "mobilenumber", "mobilephone",
                "cellphone", "telephonenumber", "phoneno", "primaryphone", "workphone", "telefon", "telefonnummer",
                "handy", "telefono", "movil",
            ]
        ),
        (
            .column(.contactEmail),
            ["email", "emailaddress", "mail", "emailid", "primaryemail", "workemail", "correo", "correoelectronico"]
        ),
        (.firstName, ["firstname", "fname", "first", "given", "givenname", "forename", "vorname", "nombre"]),
        (.lastName, ["lastname", "lname", "last", "surname", "familyname", "nachname", "apellido", "apellidos"]),
        (.column(.contactName), ["name", "fullname", "contact", "contactname", "contactperson"]),
        (
            .column(.businessName),
            [
                "company", "companyname", "organization", "organisation", "account", "accountname", "business",
                "businessname", "firma", "unternehmen", "empresa",
            ]
        ),
        (.column(.contactRole), ["role", "title", "jobtitle", "position", "contactrole"]),
        (.column(.website), ["website", "web", "url", "homepage", "site"]),
        (.column(.address), ["address", "street", "streetaddress", "addressline", "strasse", "direccion"]),
        (.column(.city), ["city", "town", "ort", "stadt", "ciudad"]),
        (.column(.state), ["state", "province", "region", "county", "bundesland", "provincia"]),
        (.column(.notes), ["notes", "note", "comment", "comments", "description", "remarks"]),
        (.column(.tags), ["tags", "tag", "labels", "label"]),
        (.column(.leadSource), ["leadsource", "source", "origin"]),
        (.column(.lifecycleStage), ["lifecyclestage", "lifecycle"]),
        (.column(.timezone), ["timezone", "tz", "zone"]),
        (.column(.industry), ["industry", "sector", "branche"]),
        (.column(.companySize), ["companysize", "size", "employees", "headcount"]),
        (.doNotContact, ["donotcall", "donotcontact", "dnc", "optout", "optedout", "unsubscribed"]),
    ]
}
