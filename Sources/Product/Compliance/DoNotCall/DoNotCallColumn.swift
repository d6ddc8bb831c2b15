package import Database

/// Table `do_not_call_files`.
package enum DoNotCallFileColumn: String, TableColumn {
    case list, kind, fileDate, fileName, country, digest, fileBytes, state, mayShrink
    case addedCount, removedCount, wrongCount, mistakes, doneBytes, doneLines, failure, importedAt
    case createdByUserID

    package static let table: StaticString = "do_not_call_files"

    package var type: ColumnType {
        switch self {
        case .list, .kind, .fileName, .country, .digest, .state, .failure: .text
        case .fileBytes, .addedCount, .removedCount, .wrongCount, .doneBytes, .doneLines: .bigint
        case .mayShrink: .boolean
        case .mistakes: .jsonb
        case .fileDate, .importedAt: .timestamptz
        case .createdByUserID: .uuid
        }
    }
}
