/// Lists, and what is done with who is on them.
extension OptOutWords {
    static let removing: WordSet = [
        "take", "remove", "removing", "delete", "deleting", "drop", "cross", "scratch", "strike", "get", "wipe",
        "scrub", "erase", "pull",
        "purge", "taking", "lose", "forget", "leave", "keep", "unlist", "clear", "dropping", "shred", "burn", "trash",
        "toss", "ditch", "bin", "destroy", "block",
        "suppress", "ban", "exclude", "omit", "withdraw", "rid", "deregister", "kick", "cut",
    ]
    static let losing: WordSet = [
        "delete", "lose", "forget", "erase", "wipe", "purge", "remove", "scrub", "scratch", "strike", "shred", "burn",
        "trash", "toss", "ditch",
        "bin", "destroy", "block", "suppress", "ban",
    ]
    /// With these a number is to be put in another's place.
    static let replacing: WordSet = ["new", "instead", "another", "different", "replace", "update", "here's"]
    static let afterRemoval: WordSet = [
        "and", "right", "now", "before", "last", "twice", "because", "as", "if", "i", "we", "or", "but",
    ]
    static let removed: WordSet = [
        "removed", "deleted", "taken", "dropped", "crossed", "struck", "erased", "off", "wiped", "stricken", "scrubbed",
        "purged", "out", "excluded", "gone", "binned", "cleared", "unlisted",
    ]
    static let putting: WordSet = [
        "set", "change", "update", "switch", "enroll", "code", "tag", "put", "add", "place", "register", "mark",
        "enter", "list", "flag", "adding", "putting", "marked",
    ]
    static let lists: WordSet = [
        "list", "lists", "database", "system", "systems", "records", "record", "books", "files", "file", "registry",
        "register", "rotation", "directory", "crm", "cadence", "campaign", "campaigns", "contacts", "calls",
        "databases",
        "phonebook", "sheet", "dialer", "queue", "rolodex", "listing", "mailings", "newsletter",
    ]
    static let listOwners: WordSet = [
        "your", "the", "this", "that", "these", "those", "any", "all", "whatever", "every", "it", "there", "anyone's",
        "anybody's",
    ]
    static let listKinds: WordSet = [
        "calling", "call", "mailing", "contact", "phone", "marketing", "text", "email", "sales",
    ]
    static let consequences: WordSet = [
        "report", "sue", "lawyer", "attorney", "police", "complaint", "complain", "legal", "block", "ftc", "fcc",
        "authorities", "court", "reporting", "action", "regulator", "fined", "blocking", "solicitor", "suing", "cops",
        "ofcom", "bbb",
    ]
    static let denials = Phrase.list(
        "do|does|did|would not want|say|mean|ask|need|wish", "not saying|asking|want|say|mean",
        "never asked|said|wanted", "did|do you $",
        "rather ?you not $", "how do|did you")
    static let doNotCall = Phrase.list(
        "do|does not call|contact|disturb|phone|ring", "dnc", "never call|contact", "no call|contact|calls",
        "blacklist|blocklist",
        "block|black|suppression|opt list|out")
    static let optingOut = Phrase.list("unsubscribe|unsubscribing|unsubscribed", "opt|opting|opted ?me|us ?myself out")
    static let fixed = Phrase.list(
        "leave me|us|her|him|them ?well|completely|entirely alone", "leave me|us|her|him be $",
        "get|stay|keep off ?of my|our|this phone|line|number", "object|objection to direct marketing",
        "not belong on your|this|any|the ~ list|lists|database|system",
        "could|can|may|shall we make this|that the ?very last call|time|one",
        "this|that could|can|may|might be the ?very last call|time",
        "want|wish|like no ?further|more part of your|these calls",
        "want|wish|like|prefer|demand|ask|asked to be left alone", "left alone please $",
        "let me|us be $",
        "revoke|withdraw|withdrawing|revoking|withdrawn|retract|rescind ?any ?and ?all ?of my|our|any|all|the ~ consent|permission|authorization|agreement",
        "left in peace", "forget ?all about me|us $", "this|that is the last time we speak|talk",
        "calls|texts|emails|messages are|is not okay|acceptable|appreciated ?here|with $",
        "i|we|number was ?supposed ?to ?be on ?your|the ?national do not call|contact",
        "not|never ?give|gave|given ?have you|anyone|anybody|them ?any ?my ?our consent|permission to ?be call|contact|ring|phone|called|contacted",
        "belongs on ?your|the do not call|contact",
        "belong|belongs|be ?put ?placed on ?your|the ?internal no call|calls|contact",
        "i|we|number am|are|is ?already ?also ?registered|listed on|with ?your|the|a ?national|state|federal|internal dnc|tps|ctps|robinson",
        "i|we have ?already registered|signed ~ with|on|for ?the|your|a ?national do not",
        "i|we registered|signed ~ with|on|for ?the|your|a ?national do not",
        "forget ?that this|my|our number ?ever exists|existed|exist",
        "not ?have my|our|any|the consent|permission|right to call|contact|ring|phone|text ?me|us",
        "not ?give|gave|given|have ?you ?any ?my ?our consent|permission to ?be call|contact|ring|phone|called|contacted ?me|us",
        "take|taking|took back my|our consent|permission", "consent ?is ?hereby withdrawn|revoked",
        "put a|an stop|end to these|your|the calls|texts|emails",
        "let me|us off ?of your|the|this list", "cease and desist", "right to be ?forgotten|erasure|erased",
        "right to erasure|deletion", "bother|harass|annoy|pester someone|somebody else",
        "someone|somebody else to call|bother|harass|annoy|pester", "rest|off with the|these|your calls|texts|emails",
        "disappear from your|the ~ system|list|database",
        "hate to ?ever get|receive|have another|more ?of ?your ?these call|calls", "blacklist me|my|this|us",
        "i|we|number am|are|is ?already ?also ?registered|listed on ?your|the|a ?national|state|federal|internal ?and ?state do not call|contact",
        "this|that|it ?had ?will ?better is|be|was the ?very last time ?that you ?ever call|contact|ring|bother|phone me|us|here|this|again|ever",
        "this|that|it ?had ?will ?better is|be|was the ?very last time ?that ?i hear|heard ?want from you",
        "last call i|we want|wish|accept|take|get|expect from you",
        "let this be the ?very last call|time", "make|makes it|this|that the last time ?that you call|called|contact",
        "leave me|us in peace", "delete|erase|destroy everything ?that ?you ?have ?got about|on me|us",
        "forget ?that you ?ever had|have my|this|our number",
        "your|these|those|further|any|more|such calls|texts|emails|messages|contact is|are not welcome|wanted",
        "your|these|those|further|any|more|such calls|texts|emails|messages|contact is|are unwelcome|unwanted",
        "be ?put|placed|added|registered on|to ?your|the ?internal|national do not call|contact",
        "belong on ?your|the do not call|contact",
        "illegal|unlawful ?for ?you to call|contact|text me|us|this",
        "against the law ?for ?you to call|contact|text me|us|this",
        "be the ?very last call|time ?that ?you ?call|contact", "do not disturb ?me|us $", "forget ?that i exist",
        "pretend i do not exist", "not exist ?for to you", "my|our|this number is off limits",
        "not use this|my number ?ever again|anymore",
        "want|wish|like|prefer|demand nothing ?more|further to do with you")
}
