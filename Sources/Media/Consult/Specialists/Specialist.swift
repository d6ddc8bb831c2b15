/// One specialist: who it is, when to ask it, how it is to answer, and what it knows. Data, one file each.
package struct Specialist: Equatable, Sendable {
    package enum Domain: String, Equatable, Sendable, CaseIterable { case cultural, regulatory, service }

    /// One fact: a short passage that answers one question, with what it rests on.
    package struct Section: Equatable, Sendable {
        package var title: String
        package var text: String
        /// Questions that it answers, as callers put them; may be empty.
        package var asked: [String]
        /// Where it holds; everywhere when empty.
        package var places: [Place]
        /// Laws, standards, organisations; at least one.
        package var sources: [String]

        package init(title: String, text: String, asked: [String] = [], places: [Place] = [], sources: [String]) {
            self.title = title
            self.text = text
            self.asked = asked
            self.places = places
            self.sources = sources
        }
    }

    package var id: SpecialistID
    package var title: String
    package var domain: Domain
    /// ISO 639 codes of the languages it answers in; its knowledge is written in the first.
    package var languages: [String]
    /// Words and phrases in a question that call for it.
    package var when: [String]
    package var prompt: String
    package var sections: [Section]

    package init(
        id: SpecialistID, title: String, domain: Domain, languages: [String], when: [String], prompt: String,
        sections: [Section]
    ) {
        self.id = id
        self.title = title
        self.domain = domain
        self.languages = languages
        self.when = when
        self.prompt = prompt
        self.sections = sections
    }
}
