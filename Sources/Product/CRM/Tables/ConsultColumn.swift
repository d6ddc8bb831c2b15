package import Database

/// Table `consults`.
package enum ConsultColumn: String, TableColumn {
    case id, callID, question, source, reasons, specialists
    case askedMs, offeredMs, agreedMs, answeredMs, spokenMs, heardMs, endedMs
    case ending, mergedText, spokenText, delivered, followUp

    package static let table: StaticString = "consults"

    package var type: ColumnType {
        switch self {
        case .id, .callID: .uuid
        case .question, .source, .ending, .mergedText, .spokenText, .followUp: .text
        case .reasons: .jsonb
        case .specialists: .textArray
        case .askedMs, .offeredMs, .agreedMs, .answeredMs, .spokenMs, .heardMs, .endedMs: .integer
        case .delivered: .boolean
        }
    }
}

/// Table `consult_answers`.
package enum ConsultAnswerColumn: String, TableColumn {
    case consultID, position, specialist, reasons, text, tookMs, outcome

    package static let table: StaticString = "consult_answers"

    package var type: ColumnType {
        switch self {
        case .consultID: .uuid
        case .position, .tookMs: .integer
        case .specialist, .text, .outcome: .text
        case .reasons: .jsonb
        }
    }
}
