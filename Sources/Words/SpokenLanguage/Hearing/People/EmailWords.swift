/// The words that addresses are told with.
enum EmailWords {
    static let dots: WordSet = ["dot", "point", "period"]
    static let joints: WordTable<String> = [
        "underscore": "_", "under": "_", "dash": "-", "hyphen": "-", "minus": "-", "plus": "+",
    ]
    static let fillers: WordSet = ["uh", "um", "uhm", "er", "erm", "hmm"]
    static let remarks = Phrase.list(
        "all ?in one word", "that|it is ?all one word", "one word", "all ?in lower|lowercase ?case",
        "all small ?letters", "no spaces|space|dots|dot", "all together",
        "with a|an|the|one|two _", "without a|an|the _", "?no capital letters", "in lower|lowercase ?case", "lowercase",
        "capital")
    /// Where a local part cannot reach back to.
    static let bounds: WordSet = [
        "is", "email", "mail", "address", "to", "me", "at", "use", "on", "it", "my", "the", "that", "yes", "sure",
        "okay", "and", "or", "no",
        "not", "so", "write", "send", "reach", "contact", "i", "you", "best", "mine", "him", "her", "was", "would",
        "be", "try", "oh", "well",
        "yeah", "please", "under", "just", "think", "believe", "guess", "here", "thanks", "hi", "hello", "from",
        "sorry", "wait", "actually",
        "mean", "for", "with", "now", "again", "right", "of", "called", "like", "letter", "a", "an", "we", "are", "am",
        "look", "find", "check",
        "visit", "us", "them", "your", "our", "this", "one", "going", "should", "alright", "course", "personal",
        "work's", "goes", "have", "has",
        "get", "got", "can", "could", "will", "they", "he", "she", "what", "where", "who", "there", "then", "but", "if",
        "because", "still", "also",
        "only", "too", "maybe", "probably", "uses", "using", "says", "reads", "becomes", "spelled", "working", "meet",
        "met", "saw", "do", "did",
        "ours", "its", "their", "his", "first", "up", "out", "over", "yep", "correct", "absolutely", "certainly",
        "ready", "let", "see", "rather", "account",
    ]
    static let never: WordSet = [
        "we", "look", "find", "visit", "us", "are", "am", "work", "working", "meet", "met", "looking", "live", "lives",
        "works", "website", "site", "online", "stay", "stop", "arrive", "start", "up",
    ]
    static let placeholders: WordSet = ["name", "surname", "initial", "lastname", "firstname", "last"]
    static let roles: WordSet = [
        "info", "sales", "support", "office", "hello", "contact", "hi", "team", "mail", "admin", "billing",
        "accounting", "marketing", "hr",
        "jobs", "help", "service", "orders", "information", "accounts", "manager", "owner", "hope", "invoice",
        "finance", "reception", "reservations",
    ]
    static let cues: WordSet = [
        "email", "mail", "address", "reach", "write", "send", "contact", "inbox", "emails", "gmail",
    ]
    /// What "one" is behind, when it is no digit.
    static let ones: WordSet = [
        "best", "this", "that", "old", "work", "new", "private", "right", "the", "other", "my", "business", "personal",
        "main",
    ]
    static let people: WordSet = [
        "boss", "wife", "husband", "assistant", "colleague", "manager", "partner", "secretary", "son", "daughter",
        "brother", "sister", "friend",
        "lawyer", "accountant", "mother", "father",
    ]
    static let past: WordSet = ["old", "was", "former", "previous", "used", "wrote", "emailed"]
    static let notDomain: WordSet = [
        "is", "and", "i", "we", "my", "the", "or", "you", "at", "a", "an", "this", "that", "your", "our", "in", "on",
        "of", "to", "are", "was", "it",
    ]
    static let corrections: WordSet = ["no", "sorry", "mean", "wait", "actually", "rather", "correction", "not"]
    static let closers: WordSet = [
        "and", "i", "thanks", "thank", "please", "okay", "yes", "that", "but", "is", "so", "you", "we", "with", "no",
        "not", "sorry", "or", "it",
        "for", "if", "because", "as", "at", "would", "which", "all", "just", "works", "got", "did", "will", "can",
    ]
    /// Said for nothing else.
    static let topDomains: WordSet = [
        "com", "org", "net", "edu", "gov", "io", "uk", "de", "fr", "biz", "eu", "nl", "co", "ca", "au", "ch", "es",
        "mil", "info",
    ]
}
