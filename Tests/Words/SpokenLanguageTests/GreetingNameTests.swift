import SpokenLanguage
import Testing

@Suite struct GreetingNameTests {
    @Test(arguments: [
        ("Sofia Meier", "Sofia"), ("Dr. Sofia Meier", "Dr. Meier"), ("Prof Anna Weiss", "Professor Weiss"),
        ("Mr. John Smith", "Mr. Smith"),
        ("JOHN SMITH", "John"), ("john smith", "John"), ("Meier, Sofia", "Sofia"), ("Jean-Luc Picard", "Jean-Luc"),
        ("O'Neill Ann", "O'Neill"),
        ("\u{200F}\u{2067}علی رضا\u{2069}", "علی"), ("McKenzie Brown", "McKenzie"), ("J. Doe", "J."),
    ])
    func `somebody is greeted by the first name, or by title and last name`(_ written: String, _ name: String) {
        #expect(GreetingName.of(written) == name)
    }

    @Test(
        arguments: [
            nil, "", "   ", "Dr.", "Unknown Caller", "unknown", "ANONYMOUS", "Wireless Caller", "n/a", "N/A",
            "van der Berg", "de la Cruz", "al-Rashid",
            "Dr. van", "\u{202E}evil Anna", "\u{202D}Anna", "+12125550142", "2125550142", "Acme Inc", "Smith & Sons",
            "John and Mary Smith", "Test Test",
            "anna@example.com", "The Owner", "{{first_name}}", "...", "<b>Anna</b>", "New Lead", "Spam Likely",
        ] as [String?])
    func `what is surely no first name greets nobody`(_ written: String?) {
        #expect(GreetingName.of(written) == nil)
    }
}
