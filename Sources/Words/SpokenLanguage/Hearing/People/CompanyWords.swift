/// The words that introduce firms, end their names, and are none.
enum CompanyWords {
    static let cueStarts: WordSet = [
        "company", "company's", "business's", "firm's", "business", "firm", "agency", "startup", "store", "shop",
        "organization", "organisation", "practice",
        "clinic", "outfit",
        "we", "name", "on", "i", "calling", "speaking", "phoning", "ringing", "here", "head", "director", "manager",
        "owner", "founder",
        "ceo", "cto", "cfo", "coo", "president", "vp", "buyer", "assistant", "secretary", "receptionist", "engineer",
        "partner", "sales", "with",
        "employer", "it", "representing", "employed", "working", "from", "at", "called", "supervisor", "accountant",
        "own", "run", "lead",
        "owned", "analyst", "coordinator", "consultant", "controller", "dispatcher", "associate", "restaurant",
        "school", "nurse", "that",
        "charge", "developer", "behalf", "bookkeeper", "attorney", "lawyer", "chef", "salon", "group",
    ]
    /// Whatever follows is its name.
    static let namedCues = Phrase.list(
        "company|business|firm|agency|startup|store|shop|organization|organisation|practice|clinic|outfit|employer|restaurant|salon|school ?of ?mine|ours ?name ?i ?work ?for is ?actually ?called|named",
        "company|business|firm|agency|startup|store|shop|organization|practice|clinic|outfit|restaurant|salon|group ?that ?is called|named",
        "company|business names", "company's|business's|firm's name ?is is ?called", "we are called|named",
        "name of ?my|our|the company|business|firm|shop|store|organization|clinic|practice is ?called",
        "it is called|named", "we go by", "we call ourselves", "called")
    /// What looks like a name is one.
    static let linkedCues = Phrase.list(
        "on behalf of", "i ?am|do|currently|also|still|just work|working ?here ?over for|at", "i|we represent",
        "representing",
        "employed by|at|with", "i do|handle|run|manage|keep ?the|their|all|some _ for|at",
        "i do|handle|run|manage ?the|their|all|some _ _ for|at",
        "calling|phoning|ringing ?you|in|up|today|over ?today from|for", "calling on behalf of", "speaking from|for",
        "i|we am|are ?here|over|calling|currently|also|now|out|actually ?over from|with|at",
        "i|we own|run|founded|started|manage ?and ?run",
        "here from|at|with", "we are with|from",
        "head|director|manager|owner|founder|ceo|cto|cfo|coo|president|vp|buyer|assistant|secretary|receptionist|engineer|partner|supervisor|lead|accountant|analyst|coordinator|consultant|controller|dispatcher|associate|developer|nurse|bookkeeper|attorney|lawyer|chef at|of|for|with|from",
        "head|director|manager|owner|founder|president|vp|charge of|for _ at|for|with|in",
        "head|director|manager|vp|charge of _ _ at|for|with")
    static let askedCues = Phrase.list(
        "we are", "it is", "that is", "it would|will be",
        "^ ?yes|sure|well|um|uh|yeah ?um|uh ?i ?am ?calling from|with|at")
    static let openers: WordSet = [
        "it", "is", "yes", "sure", "um", "uh", "well", "yeah", "okay", "oh", "we", "are", "i", "am", "with", "from",
        "at", "that", "would", "be",
        "called", "of", "company", "my", "our", "so", "hi", "hello", "ah", "hmm", "uhm", "er", "just", "business",
        "name", "for", "work",
        "currently", "actually", "good", "question", "right", "no", "course", "not",
    ]
    /// Of those, the ones that may begin a name.
    static let softOpeners: WordSet = [
        "good", "just", "right", "no", "work", "business", "company", "name", "called", "current", "for",
    ]
    static let roles: WordSet = [
        "owner", "manager", "director", "head", "ceo", "founder", "president", "boss", "assistant", "partner",
        "employee", "secretary",
        "receptionist", "buyer", "supervisor", "husband's", "wife's", "somebody", "someone",
    ]
    static let fillers: WordSet = ["um", "uh", "uhm", "er", "actually", "well", "like", "just"]
    static let closers: WordSet = [
        "we", "and", "in", "i", "it", "on", "from", "out", "based", "here", "located", "but", "thanks", "thank", "that",
        "please", "for", "a",
        "near", "over", "up", "down", "is", "my", "not", "by", "which", "who", "you", "so", "sorry", "as", "with", "at",
        "or",
    ]
    static let joiners: WordSet = [
        "and", "of", "for", "the", "de", "la", "do", "du", "di", "y", "und", "to", "in", "a", "on",
    ]
    /// Legal forms.
    static let forms: WordSet = [
        "inc", "incorporated", "llc", "ltd", "limited", "gmbh", "corp", "corporation", "co", "plc", "sa", "ag", "bv",
        "pllc", "llp", "kg", "pty", "srl",
    ]
    static let formsWritten: WordTable<String> = [
        "llc": "LLC", "gmbh": "GmbH", "plc": "PLC", "ag": "AG", "bv": "BV", "llp": "LLP", "usa": "USA", "uk": "UK",
        "it": "IT", "hvac": "HVAC",
        "pllc": "PLLC", "kg": "KG", "tv": "TV", "ibm": "IBM", "hr": "HR",
    ]
    /// What firms' names end in.
    static let surely = words(
        """
        corp corporation inc incorporated llc ltd limited gmbh group company co industries solutions systems logistics technologies software \
        consulting partners services media labs foods bank insurance energy retail trading holdings associates brothers sons studio studios \
        marketing engineering sales support design health dental realty construction motors plumbing roofing electric electrical heating cooling \
        landscaping bakery cafe coffee restaurant grill pizza catering salon spa barbers clinic hospital pharmacy therapy medical care vet \
        veterinary fitness gym yoga school academy institute university college church foundation ministries trust capital ventures equity \
        investments financial finance accounting advisors legal law attorneys lawyers properties rentals homes builders contractors remodeling \
        painting flooring cleaning cleaners laundry movers moving storage freight transport transportation trucking shipping express couriers \
        airlines travel tours hotel hotels inn lodge resort entertainment events productions films pictures music records books publishing \
        press printing graphics photography apparel clothing fashion shoes jewelry jewelers furniture interiors kitchens appliances hardware \
        tools supplies supply equipment machinery manufacturing fabrication steel metals plastics chemicals paper packaging textiles farms dairy \
        orchards nursery gardens florist flowers pets auto automotive garage tires tire towing parts repair security alarms telecom \
        communications networks wireless digital data analytics cloud cyber robotics aerospace defense marine boats bikes cycles sports outfitters \
        market markets grocery wholesale distributors distribution imports exports brands creative agency recruiting staffing talent learning \
        education daycare preschool center centre works shop store warehouse brokers brokerage mortgage lending payments credit union pools \
        control elevators uniforms optics optical vision orthodontics dermatology pediatrics cosmetics beauty wellness pest fencing windows doors \
        glass solar wind water oil gas mining brewing brewery winery distillery tea seafood meats produce conditioning carpets carpet lighting
        """)
    static let departments: WordSet = [
        "department", "team", "division", "desk", "side", "board", "committee", "police", "government", "accounting",
        "finance", "management",
        "procurement", "purchasing", "hr", "airport", "phone", "internet", "radio", "street", "road", "business",
        "moment", "family",
    ]
    /// Where a name ends, in text without capitals.
    static let stops = words(
        """
        i we you he she they it me us him her them my our your his their its this that these those who which whose what where when why how \
        am is are was were be been being have has had do does did will would can could should shall may might must not no yes \
        about because since so but or if then than as with at from in on by to for into regarding here there today now tomorrow \
        need needs want wants looking calling speaking working wondering trying interested hoping thinking asking please thanks thank sorry \
        use uses using used sell sells buy bought found saw got do did make makes compete serve manage
        just only also really actually very too again based located which makes sells called named dot we're i'm it's \
        a an like please calling returning following out down up over um uh okay well myself ourselves yourself
        """)
    static let never = words(
        """
        home work car office house here there noon midnight least most once scratch what people customers clients several different another other \
        others them him someone somebody everyone nobody all large small little big problem problems issues trouble colleagues friend friends \
        friend's mobile cell phone private retired unemployed freelance freelancer self none nothing no not rather sure sorry why who how when \
        time month week year day today tomorrow monday tuesday wednesday thursday friday saturday sunday january february march april may june \
        july august september october november december email sales it marketing finance operations engineering hr procurement logistics \
        purchasing product information technology development production accounting legal lots plenty many few some any one two three four five \
        six seven eight nine ten school college abroad overseas downtown upstairs outside vacation holiday business interested happy fine good \
        great okay looking calling just myself individual individuals household homeowner homeowners consumer residential nonprofit charity proprietor contractor \
        plumber electrician dentist doctor lawyer teacher student housewife pensioner landlord tenant carpenter builder farmer artist writer \
        personal use applicable irrelevant whatever classified undisclosed guess secretly independent startup corporate headquarters family private confidential secret important hello hi yes yeah pardon excuse repeat hurry
        """)
    static let places = words(
        """
        germany france england london paris berlin boston chicago texas california york angeles francisco america canada europe usa uk miami seattle \
        denver dallas houston austin florida philadelphia atlanta phoenix vegas orlando detroit nashville charlotte baltimore portland sacramento \
        cleveland pittsburgh cincinnati columbus milwaukee memphis louisville tampa brooklyn queens manhattan bronx washington virginia carolina \
        georgia ohio michigan illinois indiana wisconsin minnesota iowa missouri kansas nebraska dakota montana idaho utah nevada arizona colorado \
        oklahoma arkansas louisiana mississippi alabama tennessee kentucky pennsylvania maine vermont hampshire massachusetts connecticut jersey \
        delaware maryland oregon alaska hawaii wyoming toronto montreal vancouver ottawa calgary ontario quebec alberta mexico brazil spain italy \
        portugal ireland scotland wales belgium netherlands holland austria switzerland sweden norway denmark finland poland greece turkey russia \
        ukraine israel dubai emirates india china japan korea singapore australia sydney melbourne zealand africa nigeria kenya egypt lagos nairobi \
        cairo johannesburg madrid barcelona lisbon rome milan vienna zurich geneva munich hamburg frankfurt cologne stuttgart amsterdam rotterdam \
        brussels dublin belfast glasgow edinburgh manchester birmingham liverpool leeds bristol cardiff prague warsaw budapest stockholm oslo \
        copenhagen helsinki athens istanbul moscow beijing shanghai hong kong tokyo osaka seoul mumbai delhi bangalore chennai kolkata karachi \
        lahore dhaka manila jakarta bangkok hanoi orleans antonio diego jose lake louis paulo rio janeiro argentina chile peru colombia
        """)
    static let placeParts: WordSet = [
        "new", "north", "south", "east", "west", "northern", "southern", "eastern", "western", "san", "los", "las",
        "saint", "st", "upstate",
        "downtown", "city", "state", "county", "bay", "area", "the", "of", "united", "states", "kingdom", "coast",
        "great", "de", "rico", "puerto",
        "salt", "central", "greater", "suburbs", "valley", "beach", "fort", "springs", "england", "arab", "sri",
    ]

    private static func words(_ text: String) -> WordSet {
        WordSet(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }
}
