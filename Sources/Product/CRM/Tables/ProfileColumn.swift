package import Database

/// Table `profiles`.
package enum ProfileColumn: String, TableColumn {
    case name, isDefault, prompt, greeting, greetingKnown, greetingOutbound, language, voice, listenModel, thinkModel,
        humanNumber
    case apology, fallbackMessage, rolloutPercent, currency, timeZone, callSecondsMax, silenceSecondsMax, turnsMax

    package static let table: StaticString = "profiles"

    package var type: ColumnType {
        switch self {
        case .name, .prompt, .greeting, .greetingKnown, .greetingOutbound, .language, .voice, .listenModel, .thinkModel,
            .humanNumber,
            .apology, .fallbackMessage, .currency, .timeZone:
            .text
        case .isDefault: .boolean
        case .rolloutPercent, .callSecondsMax, .silenceSecondsMax, .turnsMax: .integer
        }
    }
}
