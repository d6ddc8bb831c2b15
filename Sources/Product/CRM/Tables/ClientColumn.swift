package import Database

/// Table `clients`.
package enum ClientColumn: String, TableColumn {
    case clientName, industry, companySize, website, agentID

    package static let table: StaticString = "clients"

    package var type: ColumnType {
        switch self {
        case .clientName, .industry, .companySize, .website: .text
        case .agentID: .uuid
        }
    }
}
