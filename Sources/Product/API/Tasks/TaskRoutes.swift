import CRM
import Endpoints

/// What somebody is to do, for a contact or for nobody in particular. A task that does not say its kind has it from its title.
enum TaskRoutes {
    static let resource = Resource(
        "tasks", of: "Task",
        [
            .reference(TaskColumn.contactID, to: "contacts", .filter),
            .text(TaskColumn.title, [.required, .search], max: 200),
            .text(TaskColumn.description, .search, max: 10_000),
            .time(TaskColumn.dueDate, [.filter, .sort], filteredAs: "due"),
            .choice(TaskColumn.kind, ["call", "email", "other"], .filter, standard: "other"),
            .choice(TaskColumn.priority, ["low", "medium", "high", "urgent"], .filter, standard: "medium"),
            .choice(
                TaskColumn.status, ["pending", "in_progress", "completed", "cancelled"], .filter,
                standard: "pending"),
        ])
}
