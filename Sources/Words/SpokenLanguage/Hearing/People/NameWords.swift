/// The words that introduce names, belong to them, and cannot.
enum NameWords {
    // MARK: - Introductions

    static let cueStarts: WordSet = [
        "my", "the", "name", "you", "people", "they", "everyone", "everybody", "friends", "call", "this", "i", "it",
        "we",
        "that", "names", "spelled", "named", "called", "myself",
    ]
    /// Whatever follows is a name.
    static let sureCues = Phrase.list(
        "my ?full|own|real name is ?actually|it|is", "my ?full names",
        "^ ?yes|yeah|sure|okay|hi|hello|well ?the name is ?actually",
        "the name is", "the names", "i am called", "you can ?also ?just call me",
        "people|they|everyone|everybody|friends|everyone|all call|calls me",
        "^ ?just|please|yes|sure call me", "just call me", "i go by", "i am named", "you are speaking|talking with|to",
        "you have ?got reached", "name is ?now ?actually spelled")
    /// A name follows where it looks like one.
    static let unsureCues = Phrase.list(
        "this is", "i am ?mister", "it is", "that is", "i am still", "^ ?hi|hello|hey|yes here is")
    /// How an agent asks whether it is somebody.
    static let proposals = Phrase.list(
        "speaking|talking with|to", "is this|that|it", "so|and ?it|that|this is", "your ?full|first|last name is",
        "are you", "have you ?down as",
        "thank|thanks you")
    static let firstNameCues = Phrase.list(
        "first|given|christian ?name|names|one is", "first|given name", "my first is", "the first is")
    static let lastNameCues = Phrase.list(
        "last|family|second ?name|names|one is", "last|family name", "surname|lastname ?is", "surnames")
    static let trailingStarts: WordSet = ["speaking", "here", "calling", "is", "on"]
    static let trailing = Phrase.list(
        "speaking", "here from|at|with|again|calling|and", "here $",
        "calling from|about|for|again|regarding|on|with|you|back|to|in",
        "calling $", "is my ?full name", "is the name", "on the line|phone $")
    static let introducers: WordSet = ["from", "with", "at", "calling", "speaking", "here", "over", "of"]
    static let closers: WordSet = [
        "from", "with", "at", "here", "speaking", "and", "calling", "of", "i", "like", "the", "is", "but", "spelled",
        "that", "it",
        "my", "as", "not", "actually", "please", "thanks", "thank", "sorry", "again", "no", "without", "we", "over",
        "or", "in",
        "by", "for", "on", "about", "who", "so", "well", "because", "just", "if", "to", "you", "your", "how", "what",
        "can", "do",
        "good", "yes", "yeah", "now", "out", "although", "though", "mean", "right", "he", "she", "her", "his", "they",
        "there",
        "up", "could", "would", "have", "was", "are", "a", "an", "owner", "ceo", "president", "head", "director",
        "manager",
    ]
    static let openers: WordSet = [
        "it", "is", "yes", "sure", "um", "uh", "uhm", "er", "hi", "hello", "well", "yeah", "okay", "oh", "the", "no",
        "hey", "of",
        "course", "name", "good", "morning", "afternoon", "evening", "certainly", "absolutely", "so", "just", "please",
        "that",
        "would", "be", "ah", "yep", "mine", "sorry", "actually", "alright", "right", "not", "my", "names", "thanks",
        "thank", "you",
    ]
    static let corrections: WordSet = [
        "sorry", "no", "not", "well", "actually", "rather", "wait", "correction", "mean",
    ]
    static let withoutLetter = Phrase.list("without ?a|an|the ?letter", "with no ?letter", "minus the")
    static let withLetter = Phrase.list("with a|an|the ?letter")
    /// Letters that sound alike.
    static let twins: [String: String] = [
        "k": "c", "c": "k", "y": "i", "i": "y", "z": "s", "s": "z", "j": "g", "g": "j",
    ]
    static let spellCues = Phrase.list(
        "spelled|spelt|spell|spelling ?it|that|as|my|it's|is|name|like", "letters", "that is $", "it is $", "is $")
    /// "my name is hard to spell".
    static let remarks: WordSet = [
        "long", "short", "hard", "best", "rich", "will", "may", "young", "easy", "foreign", "strange", "tricky",
        "unusual", "odd",
        "tough", "fun", "late", "sharp", "mud", "changing", "common", "secret", "real",
    ]

    // MARK: - Parts

    static let titles: WordSet = [
        "dr", "doctor", "prof", "professor", "mr", "mister", "mrs", "ms", "miss", "captain", "reverend", "pastor",
        "rabbi", "herr",
        "frau", "missus", "sir", "dame", "sergeant", "judge",
    ]
    static let titleForms: WordTable<String> = [
        "dr": "Dr.", "doctor": "Dr.", "prof": "Professor", "professor": "Professor", "mr": "Mr.", "mister": "Mr.",
        "mrs": "Mrs.",
        "missus": "Mrs.", "ms": "Ms.",
    ]
    static let particles: WordSet = [
        "de", "la", "del", "della", "di", "da", "dos", "das", "van", "von", "der", "den", "ter", "bin", "ibn", "al",
        "el", "le", "du",
        "los", "las", "st", "zu", "af", "abu", "ben", "dela", "vander", "het", "ten", "zur", "delle", "degli", "ul",
    ]
    static let verbs: WordSet = [
        "will", "may", "mark", "chase", "grant", "hope", "bill", "can", "pray", "wish", "guess",
    ]
    static let pronouns: WordSet = [
        "you", "i", "we", "he", "she", "they", "it", "be", "not", "have", "to", "the", "your", "my", "this", "that",
    ]

    /// Whether a word can be part of a name at all.
    static func mayBePart(_ word: String, isCapital: Bool) -> Bool {
        guard word.count >= 2, word.count <= 24, !never.contains(word), !CommonWords.all.contains(word) else {
            return false
        }
        guard word.first?.isLetter == true,
            word.allSatisfy({ $0.isLetter || $0 == "'" || $0 == "’" || $0 == "." || $0 == "-" }),
            !word.hasSuffix("'s"), !word.contains(".")
        else { return false }
        return isCapital || firstNames.contains(word) || surnames.contains(word) || !hasEnding(word)
    }

    /// Endings that names seldom have: of adverbs, participles, abstractions.
    static func hasEnding(_ word: String) -> Bool {
        guard word.utf8.count > 5 else { return false }
        return [
            "ly", "ing", "ed", "tion", "tions", "sion", "ness", "ment", "able", "ible", "ful", "less", "ous", "ity",
            "ism", "ally",
        ]
        .contains { word.hasSuffix($0) }
    }

    private static let never: WordSet = [
        "um", "uh", "uhm", "er", "erm", "hmm", "ceo", "cto", "cfo", "coo", "vp", "hr", "junior", "jr", "sr", "senior",
        "iii", "esquire", "esq",
        "llc", "inc", "ltd", "gmbh", "corp", "com", "dot", "okay",
    ]
    private static let surnames = words(
        """
        king sterling fleming harding browning manning keating golding downing pickering deering spalding redding gowing loring \
        mohammed ahmed alfred mildred jared syed creed sayed hamed reed snead kelly kennelly connolly reilly molly donnelly connelly \
        costly lilly gently whitely wooley beverley wheatley bentley stanley wesley ashley hanley manley huntley oakley priestley \
        clement garment raymond bennett everett trinity charity felicity verity serenity harrison livingston constable goodness
        """)

    /// Peoples, faiths, days: capitals that make no name.
    static let peoples = words(
        """
        american german english french spanish italian british irish scottish canadian mexican chinese japanese indian russian polish \
        dutch turkish greek portuguese brazilian catholic christian jewish muslim african asian european australian swiss austrian \
        swedish danish norwegian finnish korean arabic hindi latin monday tuesday wednesday thursday friday saturday sunday january \
        february march july august september october november december christmas easter thanksgiving god jesus google amazon facebook \
        linkedin microsoft apple zoom salesforce hubspot london paris berlin chicago boston
        """)

    /// Names that are words as well: names where a second name or an introduction stands by.
    static let doubles = words(
        """
        will rose grace hope art summer april may june august rich joy faith dawn eve chase grant sue autumn sunny christian guy star \
        ivy ruby pearl violet daisy lily crystal amber iris heather holly olive ginger destiny harmony melody penny robin victor \
        miles drew wade cliff dale glen ford lane junior duke prince king major general earl dean angel sky pat mark bill frank rob \
        ray bob jack gene norm chip skip buddy sonny rusty sandy merry young long short best day cash church price sharp noble black \
        banks love white brown green gray small little strong power powers good wise gold silver stone wood woods field fields hill \
        hills rivers lake waters bush snow winter winters frost rain storm day knight bishop pope abbot cook page banks bell ball battle berry bird book bond brook brooks burns case chance \
        church clay cross crow curry dash english fair field finch fish flowers fox freed friend gay gentle gore guest hand \
        hardy hart hawk head heart holder holiday hood house hunt joy judge justice keen key land law lee light lord low marsh \
        mayo moody moon moss nation nickel night noon north west east south park parks pace paul pen pepper pool \
        post pratt pride proud race reader root rush sage sanders savage shade shore silk \
        slaughter sparks spring steel street street summers swift temple thorn towns trout true vance vest wall \
        ward ware wells wild wolf worth wright yard
        """)

    static let firstNames = words(
        """
        james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven \
        paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen \
        larry justin scott brandon benjamin samuel gregory alexander frank patrick raymond jack dennis jerry tyler aaron jose adam nathan \
        henry zachary douglas peter kyle noah ethan jeremy walter christian keith roger terry austin sean gerald carl dylan harold jordan \
        jesse bryan lawrence arthur gabriel bruce logan billy joe alan juan elijah mary patricia jennifer linda elizabeth barbara susan \
        jessica sarah sara karen lisa nancy betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah \
        stephanie rebecca sharon laura cynthia dorothy amy kathleen angela shirley emma brenda pamela nicole anna samantha katherine \
        christine helen debra rachel carolyn janet maria catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly \
        christina joan evelyn judith andrea hannah megan cheryl jacqueline martha madison teresa gloria janice ann kathryn abigail sophia \
        frances jean alice judy isabella julia grace amber denise danielle marilyn beverly charlotte natalie theresa diana brittany doris \
        kayla alexis mike steve tom bob bill jim tim dave dan chris matt tony nick ben sam alex max oliver harry charlie leo oscar lucas \
        liam omar ali mohammed maya priya raj carlos luis miguel sofia elena clara kate katie jenny jane claire lucy ellen rose simon \
        martin neil ian colin graham stuart craig greg phil rick ted ed fred ray ron don jeff rob rich will hope art summer april may june \
        joy faith dawn eve chase grant sue autumn sunny guy ivy ruby pearl violet daisy lily crystal iris holly olive ginger penny robin \
        victor miles drew wade cliff dale glen earl dean angel pat gene norm jon joey johnny jimmy tommy bobby ricky danny kenny ronnie \
        eddie freddie louis lou hank hal pete andy randy doug ralph roy russell wayne eugene howard vincent philip phillip bradley brad \
        hunter sandy todd shane troy derek darren darryl marcus curtis clifford leonard stanley nathaniel ernest melvin clyde wesley dustin corey \
        ivan igor oleg dmitri sergei vladimir boris olga natasha irina svetlana katya anya ahmed hassan hussein ibrahim khalid yusuf \
        fatima aisha layla leila zainab mariam amir karim tariq samir nadia yasmin rania hana anita sunita deepa kavita neha pooja anjali \
        rahul amit vikram sanjay rajesh suresh ramesh arjun krishna ravi anil vijay nikhil rohan aditya akash wei ming ling mei yuki hiro \
        kenji akira hiroshi naomi keiko kim jin soo min hyun pablo pedro diego javier fernando ricardo eduardo alejandro rafael sergio \
        antonio manuel francisco jorge raul hector oscar ramon ana carmen lucia rosa isabel marta pilar ines valentina camila daniela \
        gabriela luca marco giovanni giuseppe paolo francesca giulia chiara lorenzo matteo pierre jacques michel luc marcel claude \
        philippe camille chloe sophie juliette amelie hans klaus jurgen stefan wolfgang dieter heinz ulrich heike ursula ingrid greta \
        monika petra sabine anke lars sven nils erik bjorn astrid kwame kofi ama amara chidi ngozi emeka tunde ade zoe zack zara tessa \
        tina tara tanya sylvia stella sheila sherry shelly sally roxanne rita renee regina ramona rhonda paula paige nora norma nina \
        nadine myra molly miriam mindy mildred meredith melinda marjorie marie marian margo mandy mabel lynn lydia louise lori lorraine \
        lorna lola lois lillian lena leah lana kristin kristen kirsten kerry kendra katrina karla kara josephine joanna joanne jill jeanne \
        jasmine janine ivana irene ida hilda hilary hazel harriet gwen gretchen gladys ginny georgia gail fiona felicia eva erin erica \
        erika elsie eloise elaine eileen edna edith dora dolores deirdre debbie deb darlene daphne dana cora connie colleen claudia \
        cindy charlene celia cecilia cathy carrie carla candace bridget bonnie beth bernice becky beatrice audrey antonia annie annette \
        anne angie allison alison alicia adele ada abby gina mona vera wanda wendy yvonne tracy stacy robyn marcia glenda brendan declan \
        conor liam owen rhys gareth nigel trevor clive barry derrick malcolm gordon hugh duncan angus hamish callum ewan fergus alistair \
        toby rupert felix hugo jasper quentin basil cedric cyril edgar edmund ernie gilbert gus herb herbert homer horace irving ira isaac \
        ivor jared jake jay josh julian julius karl kurt lance leon leroy lewis lionel lloyd luke luther lyle mario maurice mitch mitchell \
        morris moses murray nelson niles norman otto perry preston quincy reggie reginald rex rodney roland roman ross rudy rufus sid \
        sidney solomon spencer ted terrence theo theodore tobias tyrone vern vernon vince virgil wallace warren wilbur willie winston xavier \
        zach colin ella mia ava aria luna nova kai finn levi eli asher jude silas beau boyd brent brett brock bryce cole colton cody dallas \
        damon darius dante emilio enrique esteban felipe gerardo gustavo ignacio joaquin julio leonardo lorena marisol mateo mauricio \
        nicolas octavio patricio ramiro rodrigo ruben salvador santiago tomas vicente yolanda ximena
        """)

    private static func words(_ text: String) -> WordSet {
        WordSet(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }
}
