package import Database

/// Table `imports`.
package enum ImportColumn: String, TableColumn {
    case id, state, fileName, digest, fileBytes, encoding, delimiter, hasHeader, columns, mapping, duplicates, matchBy
    case defaultCountry, listSource, consentBasis, createdByUserID
    case doneBytes, doneLines, doneRecords, createdCount, updatedCount, skippedCount, failedCount, leftAloneCount
    case warnedCount, keptErrors
    case failure, startedAt, endedAt

    package static let table: StaticString = "imports"

    package var type: ColumnType {
        switch self {
        case .id, .createdByUserID: .uuid
        case .state, .fileName, .digest, .encoding, .delimiter, .duplicates, .matchBy, .defaultCountry, .listSource,
            .consentBasis, .failure:
            .text
        case .fileBytes, .doneBytes, .doneLines, .doneRecords, .createdCount, .updatedCount, .skippedCount,
            .failedCount, .leftAloneCount, .warnedCount, .keptErrors:
            .bigint
        case .hasHeader: .boolean
        case .columns, .mapping: .jsonb
        case .startedAt, .endedAt: .timestamptz
        }
    }
}
