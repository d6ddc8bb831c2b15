import CRM
import Endpoints

/// Who changed what.
enum AuditRoutes {
    static let resource = Resource(
        "admin_audit", of: "AuditEntry", verbs: [.list, .read], role: .admin, isAppendOnly: true,
        [
            .text(AuditColumn.subject, [.required, .filter], max: 255),
            .choice(AuditColumn.role, APIRole.allCases.map(\.rawValue), [.required, .filter]),
            .text(AuditColumn.action, [.required, .filter], max: 300),
            .text(AuditColumn.tableName, [.required, .filter], max: 63),
            .uuid(AuditColumn.rowID, .filter),
            .json(AuditColumn.before, .map(.anything)), .json(AuditColumn.after, .map(.anything)),
            .text(AuditColumn.requestID, [.required, .filter], max: 64),
        ])
}
