import Endpoints

/// What somebody is to do, for a contact or for nobody in particular. A task that does not say its kind has it from its title.
enum TaskRoutes {
    static let resource = Resource(
        "tasks", of: "Task",
        [
            .reference("contact_id", to: "contacts", .filter),
            .text("title", [.required, .search], max: 200),
            .text("description", .search, max: 10_000),
            .time("due_date", [.filter, .sort], filteredAs: "due"),
            .choice("kind", ["call", "email", "other"], .filter, standard: "other"),
            .choice("priority", ["low", "medium", "high", "urgent"], .filter, standard: "medium"),
            .choice("status", ["pending", "in_progress", "completed", "cancelled"], .filter, standard: "pending"),
        ])
}
