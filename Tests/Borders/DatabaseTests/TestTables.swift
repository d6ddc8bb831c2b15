import Database

/// Of `contacts`, for statements of tests.
enum Contact: String, TableColumn {
    case id, phone, notes, doNotContact, customFields, tags

    static let table: StaticString = "contacts"

    var type: ColumnType {
        switch self {
        case .id: .uuid
        case .phone, .notes: .text
        case .doNotContact: .boolean
        case .customFields: .jsonb
        case .tags: .textArray
        }
    }
}

/// A table that is nowhere: a column of each type.
enum EveryType: String, TableColumn {
    case text, uuid, integer, bigint, boolean, double, timestamptz, jsonb, textArray

    static let table: StaticString = "every_type"

    var type: ColumnType {
        switch self {
        case .text: .text
        case .uuid: .uuid
        case .integer: .integer
        case .bigint: .bigint
        case .boolean: .boolean
        case .double: .double
        case .timestamptz: .timestamptz
        case .jsonb: .jsonb
        case .textArray: .textArray
        }
    }
}
