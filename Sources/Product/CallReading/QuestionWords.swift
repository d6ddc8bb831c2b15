import SpokenLanguage

/// How agents ask, language by language, without accents.
struct QuestionWords: Sendable {
    let topics: [(AgentQuestion.Topic, PhraseList)]
    let phones: PhraseList
    let confirmations: PhraseList
    let meetings: PhraseList
    let callBacks: PhraseList
    let prices: PhraseList

    static func of(_ tongue: Tongue) -> QuestionWords {
        switch tongue {
        case .english: english
        case .spanish: spanish
        case .german: german
        }
    }

    static let english = QuestionWords(
        topics: [
            (
                .name,
                Phrase.list(
                    "your ?full|first|last|family|second name", "your surname", "who am i speaking|talking",
                    "who i am speaking", "who is calling", "may i ask who", "who may|should|shall|can i expect|ask|say",
                    "last|family name", "spell that|it|your",
                    "^ ?and ?the name $", "who are you")
            ),
            (
                .company,
                Phrase.list(
                    "your company|business|organization", "company|business are you", "what|which company",
                    "where do you work", "who do you work", "calling from", "what is it called",
                    "company|business|shop|firm|store|restaurant|clinic|salon called", "^ ?and ?the company $",
                    "name of ?your|the company|business|firm")
            ),
            (.position, Phrase.list("your role|position|title|job", "what do you do")),
            (.email, Phrase.list("^ ?and ?the email|mail ?address $", "your email", "email address", "best email")),
            (
                .need,
                Phrase.list(
                    "how can|may i|we help", "what are you looking|hoping|trying", "what brings", "what can i do",
                    "tell me ~ about",
                    "what ?kind ?of problem|problems|challenge|challenges|need|issue", "what do you need",
                    "looking for",
                    "reason for ?your call",
                    "what would you like", "what is it you", "are you interested")
            ),
            (
                .urgency,
                Phrase.list(
                    "how urgent|pressing|important|critical|soon ?is ?this ?the ?need ?problem",
                    "is it|this|that urgent",
                    "how big ?of ?a problem")
            ),
            (
                .budget,
                Phrase.list(
                    "budget", "how much ~ spend|invest|pay", "price range", "set aside", "spend on",
                    "what ~ looking to spend|invest", "how much money")
            ),
            (
                .authority,
                Phrase.list(
                    "decision maker",
                    "make|makes|making ?all the|this|that|these|those|such|buying|purchasing ?final ?buying decision|decisions|call",
                    "who decides|signs|approves|chooses|picks|authorizes|authorises", "you decide",
                    "you the one ~ decides|decide",
                    "person who decides|signs|approves", "sign|signs off", "final say", "your decision", "who makes",
                    "in charge of")
            ),
            (
                .othersInvolved,
                Phrase.list("anyone|anybody|someone|somebody|who else", "others involved", "other people involved")
            ),
            (
                .timeline,
                Phrase.list(
                    "when ~ start|begin|need|go|implement|launch|buy|decide", "time line|frame|scale",
                    "timeline|timeframe|timescale", "how soon",
                    "by when", "when would|do|are|were you", "what is your deadline", "something for this|next|now",
                    "you ?would like|want|need|hoping|looking to start|begin|launch|go", "is this for|about this|next",
                    "need ?it|this|that|something by|this|next|in|now|right|before", "to start|begin|launch", "go live",
                    "to have it in place")
            ),
            (
                .meeting,
                Phrase.list(
                    "book|schedule|arrange|set ?up ~ meeting|demo|appointment|consultation|time|slot|demonstration",
                    "meeting|demo|appointment|demonstration|consultation",
                    "does|would ~ work|suit|be for|you|good|okay|fine ?for ?a ?meeting|demo",
                    "what time|day works|would|suits", "put you down",
                    "would ~ suit you", "we ?could|can|shall|should meet", "to meet", "meet ?with us|me|you|on|again",
                    "which|what day|time ~ good|best|suit|suits", "show you",
                    "at what time")
            ),
            (
                .followUp,
                Phrase.list(
                    "call|ring|phone you ?back|again|on|at|tomorrow|next|in|then|later",
                    "have|let somebody|someone call|ring|phone you",
                    "when ~ call|ring|phone|reach you", "good|better|best time to call|reach", "follow up",
                    "get back to you",
                    "reach you", "talk|speak again", "call back", "for a call",
                    "schedule|book|arrange|set ?up ?a ?short|phone|quick call", "a call from|with|on|at", "good time",
                    "free to talk|speak", "talk|speak ?about ?it ?this on|at|tomorrow", "colleague call|ring|phone you")
            ),
            (
                .optOut,
                Phrase.list(
                    "not ?to ?be call|called|contact|contacted you|again|anymore", "do not call list",
                    "remove you", "remove|take|delete your ~ number|name|details|data|off|list",
                    "be removed|taken ~ list|database|system",
                    "not ?want ?like ?wish ?to ?be called|contacted ?anymore|again",
                    "want|wish|get|receive ?to ?get ?receive no ?more ?further calls|contact|messages",
                    "like|wish|want to ?be ?get removed|taken|deleted",
                    "not want|get|receive ?to ?get ?any more|further calls", "stop calling|contacting|phoning",
                    "stop the|all|these ?phone ?sales calls", "as do not call|contact", "stop calling you",
                    "nobody|never ?ever call|calls|contact|contacts you", "take you off",
                    "never call you")
            ),
        ],
        phones: Phrase.list(
            "phone|telephone|mobile|cell|callback|contact|best|good|your|what|which|a number",
            "reach|call|ring ?you ?back ?at|on", "digits|number again", "area code"),
        confirmations: Phrase.list(
            "booked|scheduled|confirmed|arranged", "all set", "see|speak|talk to|with ?you then|on", "you down",
            "i will call|put|book|send|schedule", "we will call", "look|looking forward", "in the calendar|diary",
            "great|perfect|excellent|wonderful|fantastic|lovely|super|good", "have you", "it is $", "noted|done|then $"),
        meetings: Phrase.list(
            "meeting|demo|demonstration|appointment|consultation|calendar|diary|booked|book", "schedule|scheduled",
            "meet",
            "let us meet", "see you"),
        callBacks: Phrase.list(
            "call|ring|phone you ?back|then|on|again|tomorrow|next", "follow up", "get back to you", "reach you",
            "calling you",
            "talk|speak again", "call back", "call|ring|phone you"),
        prices: Phrase.list(
            "cost|costs|price|prices|priced|charge|charges|fee|fees|plan|plans|package|discount|invoice",
            "starts|start at|from"))

    static let spanish = QuestionWords(
        topics: [
            (.name, Phrase.list("su|tu nombre", "como se llama|llamas", "con quien hablo")),
            (.company, Phrase.list("su|tu empresa|compania|negocio", "que|cual empresa|compania", "de que empresa")),
            (.position, Phrase.list("su|tu cargo|puesto", "a que se dedica")),
            (.email, Phrase.list("correo ?electronico", "email")),
            (.need, Phrase.list("en que puedo ayudarle|ayudarte", "que necesita|busca", "puedo hacer por")),
            (.budget, Phrase.list("presupuesto", "cuanto ~ gastar|invertir|pagar", "cuanto dinero")),
            (
                .authority,
                Phrase.list("quien decide|toma", "toma|tomas usted|tu la|las decision|decisiones", "usted quien decide")
            ),
            (
                .timeline,
                Phrase.list("para cuando", "cuando ~ empezar|necesita|comenzar|quiere", "que plazo", "fecha limite")
            ),
            (
                .meeting,
                Phrase.list(
                    "reunion|cita|demostracion|demo", "que dia|hora le|te viene", "nos vemos|reunimos|reunirnos",
                    "a que hora")
            ),
            (
                .followUp,
                Phrase.list(
                    "volver ?a llamarle|llamarte|llamar", "le|te llamamos|llamemos|llamo|llamar",
                    "devolverle la llamada", "cuando ~ llamarle|llamar")
            ),
            (.optOut, Phrase.list("no ~ volver|vuelva|volvamos ?a llamar|llamarle", "quitarle ?de ?la lista")),
        ],
        phones: Phrase.list("numero ?de ?telefono|movil", "su|que|cual numero|telefono", "telefono ~ llamarle"),
        confirmations: Phrase.list(
            "reservado|reservada|confirmado|confirmada|agendado|agendada|apuntado|anotado",
            "perfecto|estupendo|muy|genial", "queda", "entonces"),
        meetings: Phrase.list("reunion|cita|demostracion|demo|agenda", "nos vemos|reunimos"),
        callBacks: Phrase.list("llamarle|llamarte|llamamos|llamemos|llamaremos|llamare|llamada"),
        prices: Phrase.list("cuesta|precio|tarifa|cobramos|descuento|factura"))

    static let german = QuestionWords(
        topics: [
            (.name, Phrase.list("ihr|ihren|dein name|namen", "wie heissen|heisst", "mit wem spreche")),
            (
                .company,
                Phrase.list("welche|welcher|ihre|ihr firma|unternehmen", "fur welche|welches firma|unternehmen")
            ),
            (.position, Phrase.list("ihre position|funktion|rolle")),
            (.email, Phrase.list("e mail|email|mailadresse")),
            (
                .need,
                Phrase.list(
                    "was kann ich ~ tun", "wie kann|kann ich ihnen helfen", "was brauchen|suchen sie", "worum geht es")
            ),
            (.budget, Phrase.list("budget", "wie ?viel ~ ausgeben|investieren", "preisrahmen|kostenrahmen")),
            (.authority, Phrase.list("wer entscheidet|trifft", "entscheiden sie", "treffen sie ~ entscheidung")),
            (
                .timeline,
                Phrase.list(
                    "bis wann", "wann ~ starten|beginnen|brauchen|benotigen|mochten|wollen",
                    "welchem zeitraum|zeitrahmen", "ab wann")
            ),
            (
                .meeting,
                Phrase.list(
                    "termin|treffen|besprechung|demo|vorfuhrung", "welchem|welcher tag|uhrzeit", "um wie ?viel uhr",
                    "wann passt|passte ?es")
            ),
            (
                .followUp,
                Phrase.list("zuruckrufen|zurueckrufen", "wieder anrufen|melden", "sie anrufen|erreichen", "ruckruf")
            ),
            (.optOut, Phrase.list("nicht mehr anrufen|anruft|angerufen", "von der liste")),
        ],
        phones: Phrase.list("telefonnummer|handynummer|rufnummer|nummer"),
        confirmations: Phrase.list(
            "gebucht|eingetragen|notiert|vermerkt|bestatigt|vereinbart", "perfekt|prima|wunderbar|sehr|super|gut|alles",
            "also|dann $"),
        meetings: Phrase.list("termin|treffen|besprechung|demo|vorfuhrung|kalender"),
        callBacks: Phrase.list("zuruckrufen|zurueckrufen|anrufen|ruckruf", "rufe|rufen|ruft ~ an|zuruck"),
        prices: Phrase.list("kostet|kosten|preis|gebuhr|rabatt|rechnung"))
}
