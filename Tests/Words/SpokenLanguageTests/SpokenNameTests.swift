import SpokenLanguage
import Testing

@Suite struct SpokenNameTests {
    /// What is said to "may I have your name?", and what may be written down.
    private static let answers: [(String, [String?])] = [
        ("my name is Will Young", ["Will Young"]),
        ("my name is will young", ["Will Young"]),
        ("my name is Mark Long", ["Mark Long"]),
        ("mark long", ["Mark Long"]),
        ("my name is Maria de la Cruz", ["Maria de la Cruz", "Maria De La Cruz"]),
        ("my name is maria de la cruz", ["Maria de la Cruz", "Maria De La Cruz"]),
        ("my name is Anne-Marie Smith-Jones", ["Anne-Marie Smith-Jones"]),
        ("my name is Dr. Patel", ["Dr. Patel", "Dr Patel", "Patel"]),
        ("this is doctor patel", ["Dr. Patel", "Dr Patel", "Patel"]),
        ("Professor Anna Weiss", ["Professor Anna Weiss", "Anna Weiss", "Prof. Anna Weiss"]),
        ("it's spelled J O N, Jon", ["Jon"]),
        ("my first name is Pat and my last name is Kelly", ["Pat Kelly"]),
        ("my name is hope miller", ["Hope Miller"]),
        ("i'm grace", ["Grace"]),
        ("grace", ["Grace"]),
        ("it's summer", ["Summer"]),
        ("I'm Rose Hill", ["Rose Hill"]),
        ("bill gates", ["Bill Gates"]),
        ("art vandelay", ["Art Vandelay"]),
        ("no, Jon without an h", ["Jon"]),
        ("John without the h", ["Jon"]),
        ("Jon, no h", ["Jon"]),
        ("Sarah with an h", ["Sarah"]),
        ("Kathryn with a K", ["Kathryn"]),
        ("omar al-rashid", ["Omar al-Rashid", "Omar Al-Rashid"]),
        ("ahmed al rashid", ["Ahmed al Rashid", "Ahmed Al Rashid", "Ahmed Al-Rashid"]),
        ("jan van der berg", ["Jan van der Berg", "Jan Van Der Berg"]),
        ("sean o brien", ["Sean O'Brien"]),
        ("ronald mcdonald", ["Ronald McDonald"]),
        ("D'Angelo Russell", ["D'Angelo Russell"]),
        ("siobhan", ["Siobhan"]),
        ("zbigniew kowalczyk", ["Zbigniew Kowalczyk"]),
        ("sure, it's Nguyen Van Minh", ["Nguyen Van Minh"]),
        ("Li Wei", ["Li Wei"]),
        ("my name's Xochitl", ["Xochitl"]),
        ("hi this is Bob over at Acme", ["Bob"]),
        ("Bob from accounting", ["Bob"]),
        ("Jennifer Lopez, not the singer", ["Jennifer Lopez"]),
        ("call me Al", ["Al"]),
        ("everyone calls me Mick", ["Mick"]),
        ("I go by Teddy", ["Teddy"]),
        ("they call me Tiny", ["Tiny", nil]),
        ("well my full name is Alexander James Hamilton but I go by Alex", ["Alexander James Hamilton", "Alex"]),
        ("the name is Bond, James Bond", ["James Bond"]),
        ("Bond, James Bond", ["James Bond", "Bond"]),
        ("Smith, John Smith", ["John Smith", "Smith"]),
        ("surname Okafor", ["Okafor"]),
        ("last name is Wu", ["Wu"]),
        ("first name's Lee, last name's Chang", ["Lee Chang"]),
        ("uh yeah it's uh tony", ["Tony"]),
        ("tony", ["Tony"]),
        ("yeah tony here", ["Tony"]),
        ("tony speaking", ["Tony"]),
        ("Tony it is", ["Tony"]),
        ("just tony", ["Tony"]),
        ("tony is fine", ["Tony"]),
        ("you can just say Tony", ["Tony", nil]),
        ("anonymous", [nil, "Anonymous"]),
        ("Marcus. Marcus Aurelius Brown", ["Marcus Aurelius Brown"]),
        ("it's Smith. Jane Smith", ["Jane Smith", "Smith"]),
        ("Smith", ["Smith"]),
        ("Ms. Baker", ["Ms. Baker", "Ms Baker", "Baker"]),
        ("mister Jones", ["Mr. Jones", "Jones", "Mr Jones"]),
        ("Mrs. Anna Lee", ["Mrs. Anna Lee", "Anna Lee"]),
        ("my name is Jonathan, J O N A T H A N", ["Jonathan"]),
        ("Meier, M E I E R", ["Meier"]),
        ("Meyer, M E I E R", ["Meier"]),
        ("Catherine, C A T H E R I N E", ["Catherine"]),
        ("k a r l", ["Karl"]),
        ("s m i t h, smith", ["Smith"]),
        ("A double N A", ["Anna"]),
        ("my name is Phillip, P H I double L I P", ["Phillip"]),
        ("N as in November, I, N, A", ["Nina"]),
        ("juliet oscar november", ["Jon"]),
        ("Anthony, but you can call me Tony", ["Anthony", "Tony"]),
        ("it's pronounced Shevonne but spelled S I O B H A N", ["Siobhan"]),
        ("Peter, well Pete", ["Peter", "Pete"]),
        ("Karen, sorry, Karin with an i", ["Karin"]),
        ("not Smith, Smythe", ["Smythe"]),
        ("it's Brown not Braun", ["Brown"]),
        ("Daisy May", ["Daisy May"]),
        ("Hunter Price", ["Hunter Price"]),
        ("Victor Strong", ["Victor Strong"]),
        ("Olive Green", ["Olive Green"]),
        ("Dean King", ["Dean King"]),
        ("Sandy Beach", ["Sandy Beach"]),
        ("Rich Good", ["Rich Good"]),
        ("my name is may", ["May"]),
        ("I am April", ["April"]),
        ("summer", ["Summer"]),
    ]

    @Test(arguments: answers)
    func `a name is read from an answer, spelled, corrected, with titles and particles`(
        _ said: String, _ names: [String?]
    ) {
        #expect(
            names.contains(SpokenName.find(in: said, asked: .name)?.value),
            "\(SpokenName.find(in: said, asked: .name)?.value ?? "none")")
    }

    private static let refusals = """
        you're talking to him
        you're speaking with the owner
        this is she
        this is he speaking
        my boss is Peter
        who wants to know
        none of your business
        I don't give that out
        that's private
        no names please
        why
        what for
        not telling
        nobody
        do I have to
        later
        I already told you
        you have it in your system
        same as before
        let's skip that
        just call me later
        call me back
        go ahead
        sure
        yes
        no
        okay
        my assistant Julia will call you
        I'm calling for my husband
        I'm calling on behalf of Peter Lang
        I'm Peter's wife
        my daughter's name is Emma
        is Peter there
        Peter sent me
        Peter gave me your number
        I work with Peter
        put Peter on
        """.split(separator: "\n").map(String.init)

    @Test(arguments: refusals)
    func `an answer without a name is none`(_ said: String) {
        #expect(SpokenName.find(in: said, asked: .name) == nil)
    }

    private static let introductions: [(String, [String?])] = [
        ("hi it's Karen", ["Karen"]),
        ("this is Steve Miller", ["Steve Miller"]),
        ("hello, Maria here, I need a quote", ["Maria"]),
        ("good morning this is thomas baker calling", ["Thomas Baker"]),
        ("my name is elif and i need a price", ["Elif"]),
        ("I'm Deborah, I called yesterday", ["Deborah"]),
        ("Hi, Raj Patel calling from Mumbai", ["Raj Patel"]),
    ]

    @Test(arguments: introductions)
    func `whoever introduces themselves unasked is heard`(_ said: String, _ names: [String?]) {
        #expect(names.contains(SpokenName.find(in: said)?.value))
    }

    private static let remarks = """
        I'm American
        I'm German, from Berlin
        It's Monday
        I'm rich
        I'm long overdue
        I'm frank with you
        this is Acme Plumbing
        I'm Catholic
        this is important
        this is art
        it's Christmas
        I'm thinking about it
        I'm outside
        I'm totally lost
        I'm a plumber
        I'm Google's biggest fan
        this is Texas
        I'm calling about the Smith account
        am I speaking to Sandra
        can I talk to Steve
        I was talking to John yesterday
        John told me to call
        my son John needs a phone
        """.split(separator: "\n").map(String.init)

    @Test(arguments: remarks)
    func `what looks like an introduction is none`(_ said: String) {
        #expect(SpokenName.find(in: said) == nil)
    }

    @Test func `a last name, and a spelling, complete the name that is known`() {
        #expect(SpokenName.find(in: "de Niro", asked: .lastName)?.over("Robert") == "Robert De Niro")
        #expect(SpokenName.find(in: "it's Quinn", asked: .lastName)?.over("Andrew") == "Andrew Quinn")
        #expect(SpokenName.find(in: "J O N", asked: .name)?.over("John Smith") == "Jon Smith")
        #expect(SpokenName.find(in: "S M Y T H E", asked: .name)?.over("Jane Smith") == "Jane Smythe")
        #expect(SpokenName.find(in: "Peter Lang", asked: .name)?.over("Petra") == "Peter Lang")
    }
}
