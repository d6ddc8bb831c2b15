import Database

/// Table `specialist_sections`.
enum SectionColumn: String, TableColumn {
    case specialist, position, title, body, sources, digest

    static let table: StaticString = "specialist_sections"

    var type: ColumnType {
        switch self {
        case .specialist, .title, .body, .sources, .digest: .text
        case .position: .integer
        }
    }
}
