/// The words that a wish to be left alone is made of.
enum OptOutWords {
    static let all: Set<OptOut.Channel> = [.calls, .texts, .emails]

    static let fillers: WordSet = [
        "uh", "um", "uhm", "er", "erm", "hmm", "fucking", "freaking", "goddamn", "effing", "flipping", "bleeding",
    ]
    /// "the hell": adds anger only.
    static let oaths: WordSet = ["hell", "heck", "fuck", "devil", "frick"]
    /// One word in the place of others that mean the same.
    static let spellings: WordTable<String> = [
        "yall": "you", "y'all": "you", "ya'll": "you", "ya": "you", "youse": "you", "'em": "them", "em": "them",
        "noone": "nobody", "mum": "mom", "mummy": "mom", "mam": "mom", "daddy": "dad",
        "granny": "grandma",
        "gran": "grandma", "grandad": "grandpa",
    ]

    // MARK: - Acts

    static let verbs: WordTable<Set<OptOut.Channel>> = [
        "call": [.calls], "phone": [.calls], "ring": [.calls], "dial": [.calls], "telephone": [.calls],
        "contact": all, "bother": all, "harass": all, "pester": all, "disturb": all, "hassle": all, "approach": all,
        "annoy": all, "solicit": all, "spam": all, "text": [.texts], "message": [.texts], "sms": [.texts],
        "whatsapp": [.texts], "email": [.emails], "mail": [.emails], "write": [.emails], "robocall": [.calls],
    ]
    static let gerunds: WordTable<Set<OptOut.Channel>> = [
        "calling": [.calls], "phoning": [.calls], "ringing": [.calls], "dialing": [.calls], "dialling": [.calls],
        "telephoning": [.calls], "contacting": all, "bothering": all, "harassing": all, "pestering": all,
        "disturbing": all, "hassling": all, "approaching": all, "annoying": all, "soliciting": all, "spamming": all,
        "texting": [.texts], "messaging": [.texts], "emailing": [.emails], "mailing": [.emails], "writing": [.emails],
        "robocalling": [.calls],
    ]
    static let finites: WordTable<Set<OptOut.Channel>> = [
        "calls": [.calls], "phones": [.calls], "rings": [.calls], "contacts": all, "bothers": all, "texts": [.texts],
        "emails": [.emails], "dials": [.calls],
    ]
    static let participles: WordTable<Set<OptOut.Channel>> = [
        "called": [.calls], "phoned": [.calls], "rung": [.calls], "dialed": [.calls], "contacted": all, "bothered": all,
        "harassed": all, "disturbed": all, "pestered": all, "approached": all, "solicited": all, "spammed": all,
        "telephoned": [.calls], "dialled": [.calls], "cold-called": [.calls],
        "texted": [.texts], "messaged": [.texts], "reached": all, "emailed": [.emails], "mailed": [.emails],
    ]
    static let nouns: WordTable<Set<OptOut.Channel>> = [
        "call": [.calls], "calls": [.calls], "phonecalls": [.calls], "robocalls": [.calls],
        "contact": all, "contacts": all, "communication": all, "communications": all, "solicitation": all,
        "solicitations": all, "telemarketing": all, "marketing": all, "spam": all, "voicemails": [.calls],
        "text": [.texts], "texts": [.texts], "sms": [.texts], "message": [.texts], "messages": [.texts],
        "email": [.emails], "emails": [.emails], "mails": [.emails], "mail": [.emails], "newsletter": [.emails],
        "newsletters": [.emails], "mailings": [.emails], "correspondence": all,
    ]
    static let stuff: WordSet = [
        "stuff", "things", "offers", "ads", "promotions", "anything", "junk", "advertising", "brochures", "this",
        "that",
    ]
    static let callKinds: WordSet = [
        "phone", "sales", "marketing", "cold", "unsolicited", "spam", "robo", "telemarketing", "promotional",
        "annoying",
        "unwanted", "damn", "stupid", "bloody", "constant", "endless", "follow", "up", "advertising", "future", "such",
        "commercial", "automated", "text", "daily", "silly", "e", "direct", "insurance", "nonstop", "random", "pesky",
    ]
    static let quantities: WordSet = [
        "any", "more", "further", "all", "of", "so", "many", "such", "future", "additional", "single", "a", "other",
        "another", "the", "me", "no", "one", "constant", "continuous",
    ]
    static let ours: WordSet = ["your", "these", "those", "this"]

    static let endings: WordSet = [
        "stop", "stopped", "stopping", "quit", "quitting", "cease", "ceased", "refrain", "desist", "discontinue",
        "halt", "cancel",
        "end", "enough", "spare", "terminate", "avoid", "abstain", "stops",
    ]
    static let musts: WordSet = [
        "need", "needs", "have", "has", "must", "should", "better", "got", "to", "just", "really", "now", "ought",
        "shall",
    ]
    /// Endings of several words.
    static let givingUp = Phrase.list(
        "knock|cut|pack|jack it off|out|in", "give it|that|this a rest", "lay|leave off", "give over", "quit it",
        "cut|chuck|leave out", "put|bring|call an|a end|stop|halt to", "be|get done with", "had it with",
        "do away with", "let up with|on")
    /// What makes of a wish something that is only thought of.
    static let supposing = Phrase.list(
        "it|this is not that|because", "not that i|we", "not because",
        "if i|we ?ever wanted|wished|want|wish|said|say|told|tell|asked|ask ?to ?you",
        "happens|happen if|when ~ say|says|ask|asks|tell|tells|want", "what if i|we|someone|somebody|they",
        "suppose|supposing|imagine ?that i|we")
    static let almost = Phrase.list(
        "usually|normally|ordinarily|otherwise i|we ?would", "i|we would usually|normally|otherwise",
        "i|we was|were ?just going|about|tempted|ready to",
        "i|we would have|almost|nearly", "i|we almost|nearly")
    /// Another number in the place of one.
    static let newNumbers = Phrase.list(
        "here is|are my|the|our|a", "here's", "my|the|a new one|number|cell|mobile|phone|email|address",
        "use|put|add|enter|take ~ instead|new",
        "use this|that|the|my one|other|number|mobile|cell", "call|dial|ring|try|use the other|second|new", "replace",
        "with my|the|our|this mobile|cell|new|other|number")
    /// What somebody does who needs no call.
    static let comings: WordSet = [
        "come", "visit", "drop", "pop", "swing", "email", "write", "let", "get", "reach", "return", "check", "contact",
    ]
    /// Words of those who buy.
    static let sealing: WordSet = [
        "convinced", "contract", "sold", "ordered", "sign", "deal", "agreed", "buy", "order", "invoice",
    ]
    static let authorities: WordSet = ["fcc", "ftc", "ofcom", "police", "harassment", "regulator", "cops", "tcpa"]
    /// How an order begins that a second one follows.
    static let imperatives: WordSet = [
        "take", "go", "do", "get", "be", "please", "just", "listen", "hang", "jog", "sod", "buzz", "have", "show",
        "grow", "find",
        "wake", "look", "leave", "respect", "understand", "accept", "learn", "note", "kindly", "piss", "bugger", "back",
        "hold",
    ]
    /// What we call from: "block my number from your end".
    static let sides: WordSet = [
        "end", "side", "phones", "phone", "computer", "computers", "company", "office", "marketing", "agents",
        "machine",
    ]
    /// "blowing up my phone".
    static let floods: WordSet = [
        "blow", "blowing", "flood", "flooding", "clog", "clogging", "fill", "filling", "clutter", "cluttering", "tie",
        "tying",
        "jam", "jamming", "swamp", "swamping", "bombard", "bombarding",
    ]
    /// Lines that stand for those who live or work there.
    static let houses: WordSet = [
        "house", "landline", "home", "store", "shop", "restaurant", "clinic", "place", "ranch",
    ]
    /// "you have no right to call".
    static let rights: WordSet = [
        "right", "business", "permission", "consent", "authority", "authorization", "grounds",
    ]
    /// "I have no wish to hear from you".
    static let desires: WordSet = ["wish", "desire", "interest", "intention", "intent", "appetite"]
    /// What calls are refused for as such.
    static let pitchKinds: WordSet = [
        "sales", "marketing", "cold", "unsolicited", "telemarketing", "solicitation", "solicitations", "robocalls",
        "advertising", "promotional", "automated",
    ]
    /// What calls by itself, or for a living.
    static let machines: WordSet = [
        "automated", "automatic", "robot", "robots", "machine", "machines", "computer", "computers", "ai", "bot",
        "bots",
        "telemarketers", "salespeople", "strangers", "recording", "recordings", "robocallers",
    ]
    /// "this is my notice to cease all contact".
    static let requestNouns: WordSet = [
        "notice", "request", "demand", "wishes", "requests", "order", "instruction", "instructions", "wish", "warning",
        "notification",
        "reminder", "plea",
    ]
    static let kin: WordSet = [
        "mom", "dad", "mother", "father", "grandma", "grandpa", "grandmother", "grandfather", "wife", "husband", "son",
        "daughter", "parents", "aunt", "uncle", "sister", "brother",
    ]
    /// "I forbid you to call me".
    static let forbidding: WordSet = [
        "objection",
        "forbid", "prohibit", "ban", "bar", "object", "refuse", "decline", "reject", "forbidden", "prohibited",
        "banned", "barred",
    ]
    /// Kinds of calls that others make as well.
    static let plagues: WordSet = ["spam", "robo", "unwanted", "telemarketing"]
    static let annoyances: WordSet = ["calls", "calling", "texts", "emails", "messages", "texting", "newsletters"]
    static let told: WordSet = ["asked", "told", "asking", "telling", "tell", "ask"]
    static let lineParts: WordSet = ["to", "me", "us", "this", "my", "number", "phone", "line", "house", "cell"]
    static let goingOn: WordSet = ["keep", "continue", "start", "resume", "try", "consider"]
    static let lines: WordSet = [
        "number", "phone", "line", "cell", "cellphone", "mobile", "house", "home", "office", "place", "company",
        "business",
        "inbox", "email", "address", "store", "shop", "landline", "telephone", "desk", "extension", "family",
        "household",
    ]
    static let lineKinds: WordSet = [
        "phone", "cell", "mobile", "home", "work", "personal", "private", "office", "business", "telephone", "house",
        "company", "email", "contact", "direct", "whole", "old", "own",
    ]
    static let entries: WordSet = [
        "number", "numbers", "name", "details", "data", "information", "info", "contact", "contacts", "email",
        "address",
        "company", "line", "record", "records", "entry", "profile", "phone", "business", "file", "household", "account",
        "preference", "preferences", "status", "family", "lines", "phones", "extensions", "extension", "cell",
        "landline",
        "mobile", "names", "household",
    ]

    // MARK: - Who

    static let callers: WordSet = ["i", "we", "me", "us", "my", "our", "myself", "this"]
    static let ourPeople: WordSet = [
        "you", "your", "anyone", "anybody", "guys", "company", "team", "colleagues", "salespeople", "firm", "people",
        "else",
        "folks", "all", "lot", "there", "agents", "robots", "robot", "machine", "bot", "reps", "sales", "any", "of",
        "over",
        "organization", "side", "staff", "business", "at", "employees", "callers", "somebody", "someone", "nobody",
    ]
    /// Of those, the ones that say it is us.
    static let us: WordSet = ["you", "your", "anyone", "anybody", "somebody", "someone", "nobody"]
    /// Who may speak through the caller: "my mother doesn't want you to call".
    static let household: WordSet = [
        "mother", "father", "mom", "dad", "husband", "wife", "boss", "son", "daughter", "brother", "sister",
        "grandmother", "grandfather",
        "family", "household", "office", "company", "manager", "grandma", "grandpa", "parents", "partner", "owner",
    ]
    static let vocatives: WordSet = [
        "bro", "man", "dude", "lady", "sir", "buddy", "mate", "pal", "miss", "madam", "folks", "guys",
    ]
    static let groups: WordSet = [
        "people", "guys", "all", "lot", "folks", "company", "team", "staff", "colleagues", "system", "machine", "robot",
        "robots", "bot", "computer", "salespeople", "reps", "agents", "friends", "everyone", "dialer", "firm", "both",
    ]
    /// Whose wishes and doings are not the caller's.
    static let strangers: WordSet = [
        "they", "he", "she", "it", "them", "him", "her", "his", "their", "customers", "customer", "clients", "client",
        "caller", "kids",
        "who", "people", "husband", "wife", "boss", "lawyer", "mother", "father", "son", "daughter", "friend",
        "patients",
        "leads", "prospects", "users", "callers", "contacts", "someone", "somebody", "everyone", "everybody",
        "neighbor",
        "neighbors", "telemarketers", "robocallers", "spammers", "scammers", "competitors", "tenants", "guests",
        "members", "subscribers", "colleague", "bank", "manager", "ex", "landlord", "others", "consumers",
        "recipients", "employees", "doctor", "sister", "brother", "reps", "agents", "person", "whoever", "students",
        "parents", "donors", "visitors", "buyers", "sellers", "debtors", "vendors", "suppliers", "staff", "drivers",
    ]
    /// What follows an act that is done to others.
    static let objects: WordSet = [
        "them", "him", "her", "people", "customers", "clients", "everyone", "everybody", "anyone", "anybody",
        "somebody",
        "someone", "patients", "leads", "prospects", "users", "the", "my", "our", "your", "their", "his", "those",
        "these",
        "numbers", "contacts", "you", "strangers", "callers", "it", "a", "an", "every", "each", "tenants", "old", "new",
        "list", "lists", "registry", "center", "centre", "centers", "other", "others", "who",
        "businesses", "companies", "members", "subscribers", "candidates", "suppliers", "vendors", "parents", "donors",
        "consumers", "folks", "random", "existing", "past", "names",
    ]

    // MARK: - Wishing and asking

    static let wishes: WordSet = [
        "want", "wanna", "wish", "like", "need", "care", "prefer", "rather", "love", "agree", "consent", "expect",
        "interested", "agreed", "consented", "allow", "permit", "accept", "okay", "willing", "authorize", "wanted",
        "hope", "wishing",
        "comfortable", "looking",
    ]
    static let agreeing: WordSet = ["agree", "agreed", "consent", "consented", "object"]
    static let orders: WordSet = [
        "ask", "asked", "asking", "tell", "told", "telling", "beg", "begging", "request", "requested", "requesting",
        "order", "ordered", "ordering", "warn", "warned", "instruct", "instructed", "demand", "demanded", "advise",
        "advised", "urge", "remind", "reminded", "require", "get", "have", "need", "supposed", "ought", "going",
        "better",
        "trust", "count", "had", "appreciate", "invite", "counting", "insist", "insisted", "say", "said", "agreed",
        "promised", "must", "promise", "swear", "agree", "remember", "ensure", "notified", "notify", "trouble",
        "informed",
    ]
    /// Of those, what somebody must do.
    static let duties: WordSet = [
        "have", "need", "supposed", "ought", "going", "better", "had", "must", "agreed", "promised",
    ]
    static let requests: WordSet = [
        "ask", "asked", "asking", "request", "requested", "requesting", "demand", "demanded", "insist", "insisted",
        "prefer", "rather", "wish", "like", "said", "told", "tell", "want", "say", "beg", "better", "wishing", "hope",
        "instructed", "asks", "promise", "swear", "agree", "remember", "ensure",
    ]
    static let sayings: WordSet = [
        "say", "says", "said", "saying", "scream", "screamed", "shout", "shouted", "yell", "yelled", "tell", "tells",
        "told",
        "mean", "meant", "wrote", "write", "writes", "hear", "hears", "goes", "went", "yells", "screams", "shouts",
        "demanded", "demands", "insists", "complains", "typed", "texted", "emailed", "posted", "heard", "reply",
        "replies", "replied", "answer",
        "answers", "repeat",
    ]
    static let goods: WordSet = [
        "appreciate", "appreciated", "grateful", "thankful", "obliged", "glad", "happy", "happier", "happiest",
        "pleased",
        "great", "nice", "good", "better", "best", "love", "like", "prefer", "preferred", "rather", "kind", "kindly",
        "lovely", "wonderful", "wish", "insist", "demand", "request", "ask", "asking", "suggest", "ensure", "sure",
        "favor", "favour", "ideal", "guarantee", "helpful", "thank", "relieved", "delighted", "see", "confirm",
        "promise", "agree", "swear", "make", "assure", "preferable", "advise", "advisable", "hope",
    ]
    static let adverbs: WordSet = [
        "please", "just", "kindly", "now", "immediately", "simply", "seriously", "really", "finally", "actually",
        "ever",
        "all", "once", "so", "well", "look", "listen", "hey", "okay", "yes", "yeah", "no", "also", "already", "maybe",
        "would", "do", "must", "again", "always", "definitely", "strongly", "politely", "hello", "hi", "um", "uh",
        "right",
        "both", "even", "clearly", "repeatedly", "twice", "still", "absolutely", "formally", "hereby", "thanks", "bye",
        "sorry", "oh", "sir", "today", "officially", "explicitly", "and", "for", "good",
    ]
    static let gladly = Phrase.list("appreciate", "grateful for", "thank|thanks ?you for", "prefer ?you ?your")

    /// Between a negation and its act.
    static let weights: WordSet = [
        "ever", "even", "please", "you", "dare", "just", "again", "bother", "try", "trying", "go", "constantly",
        "simply",
        "any", "longer", "under", "and", "so", "further", "repeatedly", "e", "like",
    ]
    static let forGood: WordSet = ["again", "anymore", "ever", "longer", "never", "more", "back"]
    /// What may follow an act and leaves it as it is.
    static let tails: WordSet = [
        "again", "anymore", "ever", "please", "thanks", "thank", "you", "okay", "back", "longer", "forever",
        "altogether",
        "completely", "entirely", "permanently", "either", "immediately", "goodbye", "bye", "alright", "thereafter",
        "whatsoever",
        "unsolicited", "uninvited", "already", "asap", "indefinitely", "further", "more", "directly", "personally",
    ]
    /// What may begin after an act and its tails.
    static let followers: WordSet = [
        "and", "or", "but", "because", "cause", "since", "i", "we", "it", "they", "there", "about", "regarding", "like",
        "do", "is", "got",
        "will", "would", "what", "why", "how", "not", "never", "stop", "seriously", "period", "full", "understood",
        "understand",
        "concerning", "he", "she", "even", "yes", "take", "remove", "have", "can", "could", "are", "did", "nor",
        "trying", "asking", "your",
        "hello", "spam", "selling", "telling", "due", "delete", "leave", "lose", "who", "man", "people",
    ]
    /// What calls are made for.
    static let pitches: WordSet = [
        "sell", "ask", "offer", "tell", "talk", "pitch", "discuss", "promote", "try", "see", "check", "advertise",
        "market", "buy", "solicit",
    ]
    static let mores: WordSet = ["more", "further", "additional", "other"]
    /// Behind "call": another number, another time.
    static let elsewhere: WordSet = [
        "me", "my", "us", "our", "after", "the", "back", "on", "at", "later", "tomorrow", "in", "instead", "him", "her",
        "when", "next", "this",
    ]
    static let anyReasons: WordSet = [
        "any", "anything", "good", "marketing", "sales", "ever", "whatever", "no", "this", "that", "your", "these",
    ]
    static let times: WordSet = [
        "week", "month", "year", "morning", "afternoon", "evening", "night", "weekend", "weekends", "time", "times",
        "hour", "hours", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mondays",
        "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays", "late", "early", "often", "much",
        "moment", "minute", "work", "office", "day", "days", "home", "summer", "winter", "today",
    ]
}
