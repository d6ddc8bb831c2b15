package import Database

/// Table `webhook_endpoints`.
package enum WebhookEndpointColumn: String, TableColumn {
    case id, url, description, events, isActive, secret, previousSecret, previousSecretUntil, disabledReason
    case lastSuccessAt

    package static let table: StaticString = "webhook_endpoints"

    package var type: ColumnType {
        switch self {
        case .id: .uuid
        case .url, .description, .secret, .previousSecret, .disabledReason: .text
        case .events: .textArray
        case .isActive: .boolean
        case .previousSecretUntil, .lastSuccessAt: .timestamptz
        }
    }
}

/// Table `webhook_deliveries`.
package enum WebhookDeliveryColumn: String, TableColumn {
    case id, endpointID, eventID, eventType, status, attempts, responseStatus, lastError, nextAttemptAt, deliveredAt

    package static let table: StaticString = "webhook_deliveries"

    package var type: ColumnType {
        switch self {
        case .id, .endpointID, .eventID: .uuid
        case .eventType, .status, .lastError: .text
        case .attempts, .responseStatus: .integer
        case .nextAttemptAt, .deliveredAt: .timestamptz
        }
    }
}
