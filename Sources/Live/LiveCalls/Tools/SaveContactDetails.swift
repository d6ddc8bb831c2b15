import CallModel
import SpeechAgent

extension CallTool {
    static let saveContactDetails = CallTool(
        schema: AgentTool(
            name: "save_contact_details",
            description: "Store contact details the caller has stated. Pass only what was said, never a guess.",
            parameters: ToolSchema.object([
                ("name", ToolSchema.text("Full name.")), ("email", ToolSchema.text("E-mail address.")),
                ("company", ToolSchema.text("Company name.")), ("position", ToolSchema.text("Job title or role.")),
            ]), deferUntilEndOfTurn: true)
    ) { arguments, _, _ in
        let email = arguments.text("email")
        if let email, !email.contains("@") { return .refused("\"email\" is not an email address") }
        let (name, company, position) = (arguments.text("name"), arguments.text("company"), arguments.text("position"))
        guard name != nil || email != nil || company != nil || position != nil else {
            return .refused("give at least one of name, email, company, position")
        }
        return .done(.contactDetails(name: name, email: email, company: company, position: position))
    }
}
