/// The words that a language names money with, without accents.
struct MoneyWords: Sendable {
    /// ISO 4217 by its names; the plain ones of a dollar, a peso and a pound.
    let currencies: WordTable<String>
    /// What turns a plain name into another currency before or behind it: `canadian` `dollars`, `dólares` `canadienses`.
    let countries: WordTable<String>
    /// The currency a country's word makes of a plain name.
    static let national: [String: String] = [
        "CA USD": "CAD", "AU USD": "AUD", "NZ USD": "NZD", "SG USD": "SGD", "HK USD": "HKD", "US USD": "USD",
        "CH FRF": "CHF", "MX MXN": "MXN", "CO MXN": "COP", "AR MXN": "ARS", "CL MXN": "CLP", "PH MXN": "PHP",
        "UY MXN": "UYU", "DO MXN": "DOP", "GB GBP": "GBP", "EG GBP": "EGP", "IN INR": "INR", "PK INR": "PKR",
        "LK INR": "LKR", "ID IDR": "IDR", "AE AED": "AED", "MA AED": "MAD", "SE NOK": "SEK", "DK NOK": "DKK",
        "NO NOK": "NOK", "CZ NOK": "CZK", "SE SEK": "SEK", "NO SEK": "NOK",
        "DK SEK": "DKK", "CZ SEK": "CZK", "TW USD": "TWD",
    ]
    let periods: WordTable<MoneyMention.Period>
    /// `a` month, `per` month, `im` Monat: what stands between an amount and its period.
    let periodLeads: WordSet
    /// `monthly`: a period by itself.
    let periodAdverbs: WordTable<MoneyMention.Period>
    let loose: WordSet
    let upTo: PhraseList
    let atLeast: PhraseList
    /// What a thousand of is not an amount of money.
    let things: WordSet
    /// Between the ends of a range.
    let to: PhraseList
    let between: WordSet
    let and: WordSet
    let or: WordSet
    let not: WordSet
    /// Between what was said and what was meant.
    let corrections: PhraseList
    /// Behind an amount: it is more than there is.
    let deniedAfter: PhraseList
    let noBudget: PhraseList
    let undecided: WordSet

    /// Behind figures in groups these make one amount of them.
    static let signs: WordSet = ["€", "$", "£", "euro", "euros", "eur", "dollars", "pounds", "chf", "francs", "rupees"]
    /// Letters before a dollar sign: `NZ$`.
    static let dollars: WordTable<String> = [
        "us": "USD", "nz": "NZD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "cad": "CAD", "hk": "HKD",
        "s": "SGD",
        "sg": "SGD", "aud": "AUD", "mx": "MXN", "nt": "TWD", "r": "BRL",
    ]
    /// What is not counted in money, before a bare number: "suite two hundred".
    static let labels: WordSet = [
        "zip", "code", "suite", "room", "number", "extension", "street", "flat", "building", "floor", "flight", "order",
        "ticket", "account", "employee", "apartment", "box", "route", "highway", "unit", "gate", "page", "version",
        "area",
        "pin", "postcode", "id", "reference", "case", "zimmer", "nummer", "postleitzahl", "hausnummer", "habitacion",
        "numero",
        "postal", "channel", "bus", "line",
    ]

    static let longCountries: [String: String] = ["new zealand": "NZ", "hong kong": "HK", "u.s american": "US"]
    /// A number of whom comes behind "of".
    static let groups: WordSet = [
        "team", "staff", "workforce", "group", "population", "audience", "base", "company", "community",
    ]

    static func of(_ tongue: Tongue) -> MoneyWords {
        switch tongue {
        case .english: english
        case .spanish: spanish
        case .german: german
        }
    }

    static let english = MoneyWords(
        currencies: [
            "dollar": "USD", "dollars": "USD", "bucks": "USD", "usd": "USD", "euro": "EUR", "euros": "EUR",
            "eur": "EUR", "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "pound": "GBP",
            "pounds": "GBP", "gbp": "GBP", "quid": "GBP", "sterling": "GBP", "franc": "CHF", "francs": "CHF",
            "chf": "CHF", "rupee": "INR", "rupees": "INR", "inr": "INR", "rs": "INR", "dirham": "AED",
            "dirhams": "AED", "aed": "AED", "yen": "JPY", "jpy": "JPY", "peso": "MXN", "pesos": "MXN", "mxn": "MXN",
            "cad": "CAD", "aud": "AUD", "nzd": "NZD", "sgd": "SGD", "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY",
            "cny": "CNY", "riyal": "SAR", "riyals": "SAR", "sar": "SAR", "rand": "ZAR", "zar": "ZAR", "real": "BRL",
            "reais": "BRL", "brl": "BRL", "zloty": "PLN", "zlotys": "PLN", "pln": "PLN", "crowns": "SEK",
            "krona": "SEK",
            "kronor": "SEK", "kronas": "SEK", "krone": "NOK", "kroner": "NOK", "sek": "SEK", "nok": "NOK", "dkk": "DKK",
            "lira": "TRY", "shekel": "ILS", "shekels": "ILS", "ils": "ILS", "naira": "NGN", "won": "KRW",
            "ringgit": "MYR",
            "baht": "THB", "rupiah": "IDR", "shillings": "KES", "dinar": "KWD", "dinars": "KWD",
        ],
        countries: [
            "us": "US", "u.s": "US", "american": "US", "canadian": "CA", "australian": "AU", "aussie": "AU",
            "kiwi": "NZ", "singapore": "SG", "swiss": "CH", "mexican": "MX", "colombian": "CO", "argentine": "AR",
            "chilean": "CL", "philippine": "PH", "british": "GB", "indian": "IN", "pakistani": "PK", "moroccan": "MA",
            "emirati": "AE", "uae": "AE", "swedish": "SE", "norwegian": "NO", "danish": "DK", "czech": "CZ",
            "egyptian": "EG",
            "taiwan": "TW",
        ],
        periods: [
            "week": .week, "month": .month, "mo": .month, "quarter": .quarter, "year": .year, "annum": .year,
        ],
        periodLeads: ["a", "per", "each", "every", "an", "the", "by"],
        periodAdverbs: [
            "weekly": .week, "monthly": .month, "quarterly": .quarter, "yearly": .year, "annually": .year, "p.a": .year,
            "pa": .year, "pm": .month, "p.m": .month,
        ],
        loose: [
            "about", "around", "roughly", "approximately", "maybe", "perhaps", "like", "say", "probably", "nearly",
            "almost", "somewhere", "ish", "circa", "approx",
        ],
        upTo: Phrase.list(
            "up to", "less than", "at ?the most", "no|not more than", "under", "below", "max", "maximum ?of", "within",
            "not|never ?go over|above", "not ?to exceed", "a maximum of", "tops"),
        atLeast: Phrase.list(
            "more than", "at ?the least", "over", "above", "minimum ?of", "no|not less than", "upwards of"),
        things: [
            "people", "employees", "users", "customers", "clients", "calls", "call", "seats", "agents", "staff",
            "minutes", "hours", "hour", "days", "day", "weeks", "week", "months", "month", "years", "year", "percent",
            "miles", "orders", "leads", "units", "times", "locations", "stores", "square", "feet", "emails", "messages",
            "o'clock", "am", "of", "persons", "members", "accounts", "licenses", "licences", "phones", "trucks",
            "vehicles", "visitors", "words", "street", "per", "a", "an", "reasons", "things", "questions", "tickets",
            "requests", "workers", "companies", "drivers", "households", "patients", "students", "rooms", "branches",
            "shops", "contacts", "records", "kilometers", "meters", "avenue", "numbers", "extensions", "lines",
            "appointments", "kids", "children", "properties", "products", "pages", "followers", "subscribers",
            "deliveries", "sites", "offices", "th", "seconds", "degrees", "pages", "rings", "steps", "boulevard",
            "road", "lane", "drive", "plaza", "copies", "branch",
        ],
        to: Phrase.list(
            "^ to $", "^ - $", "^ or ?maybe|even $", "^ up to $", "^ maybe $", "^ to maybe|about|around $",
            "^ through $",
            "^ till|until $", "^ and maybe $"),
        between: ["between"], and: ["and"], or: ["or"], not: ["not", "never"],
        corrections: Phrase.list(
            "no|nope|sorry|wait ?no|sorry|wait|actually ?i ?mean|meant|make|rather ?it|that ?is", "?or i mean|meant",
            "or ?well ?no rather", "actually ?it|more|that ?is ?like", "correction", "make it|that", "scratch that",
            "i ?should|would|wanted ?to ?have ?say|said ?was", "well ?no actually", "my mistake ?it ?is",
            "let us say", "?it is ?more like", "but ~ cut|down|reduced|up|raised|slashed|trimmed|increased to",
            "?and|but now ?it|we ?is|have ?only ?about", "got ?cut|reduced ?down to"),
        deniedAfter: Phrase.list(
            "^ ?is|would|will|sounds ?be ?just ?way|far|a|much|really ?bit too much|high|steep|expensive|rich",
            "^ is|would ~ out of",
            "^ is|was ?not impossible|possible|happening|gone"),
        noBudget: Phrase.list(
            "no ?real budget|money|funds|funding",
            "do|does|did not have ?any ?the|a|much ?real budget|money|funds|funding",
            "have not got ?any ?the|a budget|money|funds", "have|got zero|no ?real budget|money|funds",
            "can|could not afford ?it|that|this|anything|any", "budget is zero|nothing|gone|frozen|nil",
            "budget was cut|frozen", "not have ?any|a ?kind|sort ?of budget|money", "zero budget",
            "without ?any|a budget",
            "budget freeze"),
        undecided: [
            "yet", "set", "fixed", "limit", "limits", "constraints", "mind", "problem", "defined", "decided",
            "approved",
            "issue", "issues", "figure", "number", "specific",
        ])

    static let spanish = MoneyWords(
        currencies: [
            "euro": "EUR", "euros": "EUR", "eur": "EUR", "€": "EUR", "$": "USD", "£": "GBP", "dolar": "USD",
            "dolares": "USD", "usd": "USD", "libras": "GBP", "francos": "CHF", "peso": "MXN", "pesos": "MXN",
            "rupias": "INR", "yenes": "JPY", "soles": "PEN", "reales": "BRL", "dirhams": "AED",
        ],
        countries: [
            "americanos": "US", "estadounidenses": "US", "canadienses": "CA", "australianos": "AU", "suizos": "CH",
            "mexicanos": "MX", "colombianos": "CO", "argentinos": "AR", "chilenos": "CL", "uruguayos": "UY",
            "dominicanos": "DO", "esterlinas": "GB",
        ],
        periods: ["semana": .week, "mes": .month, "trimestre": .quarter, "ano": .year],
        periodLeads: ["al", "a", "la", "por", "el", "cada"],
        periodAdverbs: [
            "semanales": .week, "mensuales": .month, "mensual": .month, "trimestrales": .quarter, "anuales": .year,
            "anual": .year,
        ],
        loose: [
            "unos", "unas", "aproximadamente", "alrededor", "como", "quizas", "casi", "cerca", "digamos", "sobre",
            "de", "mas",
        ],
        upTo: Phrase.list("hasta", "menos de", "como maximo", "maximo", "no mas de"),
        atLeast: Phrase.list("mas de", "al menos", "como minimo", "minimo", "por lo menos"),
        things: [
            "personas", "empleados", "usuarios", "clientes", "llamadas", "minutos", "horas", "dias", "semanas", "meses",
            "anos", "veces", "tiendas", "unidades", "pedidos", "por", "correos", "mensajes", "de", "coches",
        ],
        to: Phrase.list("^ a $", "^ o ?quizas|incluso $", "^ hasta $", "^ - $"),
        between: ["entre"], and: ["y"], or: ["o"], not: ["no", "nunca"],
        corrections: Phrase.list(
            "no ?no ?perdon|perdona|espera ?digo|son ?quiero ?decir", "perdon ?digo|son", "quiero decir", "digo",
            "mejor dicho", "mas bien"),
        deniedAfter: Phrase.list("^ es|seria demasiado|imposible|mucho"),
        noBudget: Phrase.list(
            "no tenemos|hay|tengo ?ningun|el presupuesto|dinero", "sin presupuesto",
            "no nos|me lo podemos|puedo permitir"),
        undecided: ["todavia", "aun", "fijo", "definido", "decidido", "limite"])

    static let german = MoneyWords(
        currencies: [
            "euro": "EUR", "euros": "EUR", "eur": "EUR", "€": "EUR", "$": "USD", "£": "GBP", "dollar": "USD",
            "usd": "USD", "franken": "CHF", "chf": "CHF", "pfund": "GBP", "rupien": "INR", "yen": "JPY",
            "kronen": "SEK",
            "zloty": "PLN", "dirham": "AED",
        ],
        countries: [
            "schweizer": "CH", "us": "US", "amerikanische": "US", "kanadische": "CA", "australische": "AU",
            "britische": "GB", "schwedische": "SE", "norwegische": "NO", "danische": "DK", "tschechische": "CZ",
        ],
        periods: ["woche": .week, "monat": .month, "quartal": .quarter, "jahr": .year],
        periodLeads: ["im", "pro", "in", "der", "je", "jeden", "jedes", "am"],
        periodAdverbs: [
            "wochentlich": .week, "monatlich": .month, "quartalsweise": .quarter, "jahrlich": .year, "jaehrlich": .year,
        ],
        loose: [
            "etwa", "ungefahr", "ungefaehr", "circa", "ca", "rund", "vielleicht", "so", "an", "die", "fast", "knapp",
            "um", "sagen", "wir",
        ],
        upTo: Phrase.list("bis zu", "maximal", "hochstens", "hoechstens", "unter", "weniger als", "nicht mehr als"),
        atLeast: Phrase.list("uber", "ueber", "mehr als", "mindestens", "ab"),
        things: [
            "leute", "mitarbeiter", "mitarbeitern", "kunden", "benutzer", "nutzer", "anrufe", "minuten", "stunden",
            "tage", "wochen", "monate", "jahre", "mal", "prozent", "stuck", "stueck", "personen", "uhr", "bestellungen",
            "filialen", "lizenzen", "platze", "plaetze", "pro", "gerate", "kilometer", "fahrzeuge",
        ],
        to: Phrase.list("^ bis ?zu ?maximal $", "^ oder ?vielleicht $", "^ - $"),
        between: ["zwischen"], and: ["und"], or: ["oder"], not: ["nicht", "nie", "keine"],
        corrections: Phrase.list(
            "nein ?entschuldigung|warten|moment|ich|ah ?sie ?meine|meinte", "entschuldigung ?ich ?meine",
            "ich meine|meinte",
            "beziehungsweise", "besser gesagt", "vielmehr", "ach ?nein|quatsch", "sondern"),
        deniedAfter: Phrase.list("^ ist|ware|sind ?uns ?viel zu viel|teuer|hoch"),
        noBudget: Phrase.list("kein|keine|keinerlei budget|geld|mittel", "konnen uns das nicht leisten", "ohne budget"),
        undecided: ["noch", "festgelegt", "fest", "limit", "grenze"])
}
