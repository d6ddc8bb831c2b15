import CallModel
import SpokenLanguage

extension CallReading {
    mutating func readBudget(_ turn: CallerTurn) {
        let asked = turn.topic == .budget
        let isAbout = asked || CallReading.ownMoney.matches(turn.text.plainTexts)
        let confirming = turn.question.amount != nil && (asked || turn.topic == nil || budget.isKnown)
        if isAbout || confirming, let none = SpokenMoney.noBudget(in: turn.text) {
            budget.hear(.low, 0.8, turn.evidence(none))
            (budgetAmount, budgetCurrency) = (nil, nil)
            return
        }
        let mentions = SpokenMoney.find(in: turn.text, asked: asked || confirming)
        let owners = mentions.indices.map { owner(of: $0, among: mentions, in: turn.text) }
        let ours = mentions.indices.filter { owners[$0] != .others && !mentions[$0].negated && !mentions[$0].isRate }
        // What is called a budget goes before what is only a number.
        let named = ours.last { owners[$0] == .own } ?? (asked || confirming || isAbout ? ours.last : nil)
        if let named, isSplit(ours.map { mentions[$0] }) {
            let currency = context.currency(of: mentions[named])
            budget.hear(context.level(of: mentions[named].yearly, in: currency), 0.4, turn.evidence())
            (budgetAmount, budgetCurrency) = (nil, nil)
        } else if let named {
            hear(mentions[named], turn)
        } else if let denied = mentions.last(where: \.negated), let known = budgetAmount,
            known == denied.yearly || denied.amount <= known, isAbout || confirming
        {
            budget.withdraw(turn.evidence(denied.words))
            (budgetAmount, budgetCurrency) = (nil, nil)
        } else if mentions.isEmpty, let amount = turn.question.amount, confirming {
            confirm(amount, turn)
        }
    }

    /// "Five thousand to begin with and two hundred a month": neither is the year's worth.
    private func isSplit(_ mentions: [MoneyMention]) -> Bool {
        Set(mentions.map(\.period)).count > 1 && Set(mentions.map(\.yearly)).count > 1
    }

    private mutating func hear(_ mention: MoneyMention, _ turn: CallerTurn) {
        var confidence = mention.approximate ? 0.75 : 0.85
        if Hedge.holdsBesidesAmounts(turn.sentenceWords(around: mention.words)) { confidence = 0.5 }
        let currency = context.currency(of: mention)
        if currency != nil { confidence *= 0.7 }
        if let known = budgetAmount, known != mention.yearly || currency != budgetCurrency {
            budget.withdraw(turn.evidence(mention.words))
        }
        budget.hear(context.level(of: mention.yearly, in: currency), confidence, turn.evidence(mention.words))
        (budgetAmount, budgetCurrency) = mention.isMagnitude ? (nil, nil) : (mention.yearly, currency)
    }

    /// The agent read an amount back and the caller answered without naming one.
    private mutating func confirm(_ amount: MoneyMention, _ turn: CallerTurn) {
        switch turn.answer {
        case .yes where budgetAmount == amount.yearly: budget.confirm(turn.evidence())
        case .yes
        where turn.topic == .budget || budget.isKnown || (turn.question.isQuestion && !turn.question.quotesPrice):
            let currency = context.currency(of: amount)
            budget.withdraw(turn.evidence())
            budget.hear(context.level(of: amount.yearly, in: currency), 0.8, turn.evidence())
            (budgetAmount, budgetCurrency) = (amount.yearly, currency)
        case .no where budgetAmount == amount.yearly:
            budget.withdraw(turn.evidence())
            (budgetAmount, budgetCurrency) = (nil, nil)
        default: break
        }
    }

    // MARK: Whose money

    private enum Owner { case own, others }

    /// Whose money the words of a mention's clause say it is; nil when they say nothing. What stands closest to the amount
    /// counts, and of what stands as close, what was said before it.
    private func owner(of index: Int, among mentions: [MoneyMention], in text: SpokenText) -> Owner? {
        let mention = mentions[index]
        let sentence = text.words[mention.words.lowerBound].sentence
        let from = index > 0 ? mentions[index - 1].words.upperBound : 0
        let to = index + 1 < mentions.count ? mentions[index + 1].words.lowerBound : text.words.count
        var before = CodedWords(text.plainTexts[from..<mention.words.lowerBound].suffix(CallReading.ownerWordsMax))
        if let other = before.lastIndex(where: { CallReading.turns.contains($0) || $0 == "so" }) {
            before = CodedWords(before[(other + 1)...])
        }
        var behind: [String] = []
        for place in mention.words.upperBound..<max(to, mention.words.upperBound) {
            let word = text.plainTexts[place]
            guard text.words[place].sentence == sentence, !CallReading.joints.contains(word) else { break }
            behind.append(word)
            if text.words[place].pauses || behind.count >= CallReading.ownerWordsMax { break }
        }
        let after = text.words[mention.words.upperBound - 1].pauses ? [] : CodedWords(behind)
        if CallReading.nature.matches(after) { return .others }
        let own = distance(CallReading.ownMoney, before, after)
        let others = distance(CallReading.othersMoney, before, after)
        if own == .max, others == .max { return saysMore(before, text.tongue) ? .others : nil }
        return others <= own ? .others : .own
    }

    /// The clause says that something is so much, and it is no budget whatever it is: "our rent is …".
    private func saysMore(_ before: CodedWords, _ tongue: Tongue) -> Bool {
        guard tongue == .english, let verb = before.lastIndex(where: CallReading.copulas.contains),
            before.count - verb <= 4
        else { return false }
        return before[..<verb].contains { word in
            !LightWords.english.contains(word) && !CallReading.moneyTalk.contains(word)
                && !CallReading.copulas.contains(word)
                && word.utf8.first.map { (0x61...0x7A).contains($0) } ?? false && SpokenNumber.units[word] == nil
                && SpokenNumber.tens[word] == nil
        }
    }

    private static let copulas: WordSet = ["is", "are", "was", "were", "equals", "makes", "totals", "brings", "runs"]

    /// Words of no weight beside an amount.
    private static let moneyTalk: WordSet = [
        "total", "max", "maximum", "minimum", "tax", "taxes", "vat", "net", "gross", "plus", "including", "includes",
        "excluding",
        "year", "month", "quarter", "week", "annual", "annually", "yearly", "monthly", "per", "ballpark", "range",
        "region",
        "neighborhood", "neighbourhood", "figure", "figures", "amount", "money", "cash", "somewhere", "anywhere",
        "under", "over",
        "less", "more", "most", "thereabouts", "couple", "few", "honest", "left", "project", "start", "starting", "now",
        "dollars", "dollar",
        "euros", "euro", "pounds", "bucks", "limit", "cap", "ceiling", "top", "tops", "comfortable", "flexible",
        "stretch", "high",
        "low", "close", "near", "nearly", "almost", "up", "down", "number", "talking", "looking", "thinking", "aiming",
        "hoping", "planning",
        "point", "give", "least", "below", "above", "against", "hundred", "thousand", "million", "grand", "k", "half",
        "quarter", "third",
        "depending", "depends", "everything", "altogether", "included", "system", "software", "phones", "solution",
        "whole", "entire",
        "definitely", "sum", "lump", "currency", "rupees", "francs", "dirhams", "yen", "pesos", "initially",
        "currently", "these", "those",
        "into", "kind", "sort", "level", "area", "budget", "spend", "each", "every", "between", "them", "its", "cool",
        "nice", "ten",
        "might", "may", "shall", "off", "gets", "getting", "really", "very", "quite", "even", "ones", "estimate",
        "guess", "rough",
        "mentioned", "swiss", "canadian", "swedish", "american", "australian", "who", "knows", "double", "checked",
        "boss", "board",
        "says", "gave", "us", "department", "management", "approved", "allowed", "allows", "they", "has", "spell",
        "ish", "thou", "exact", "precise", "precisely",
    ]

    /// How many words lie between the amount and the match that stands closest to it.
    private func distance(_ phrases: PhraseList, _ before: CodedWords, _ after: CodedWords) -> Int {
        var least = Int.max
        var from = 0
        while let found = phrases.first(in: before, from: from) {
            least = min(least, before.count - found.upperBound)
            from = found.lowerBound + 1
        }
        if let found = phrases.first(in: after) { least = min(least, found.lowerBound) }
        return least
    }

    private static let ownerWordsMax = 9
    /// After these the talk is of something else.
    private static let turns: WordSet = ["but", "pero", "aber", "whereas", "while"]
    private static let joints: WordSet = [
        "and", "but", "so", "because", "y", "pero", "und", "aber", "whereas", "while",
    ]

    /// What the amount is, behind it: "two million in revenue", "a five million dollar company".
    private static let nature = Phrase.list(
        "^ ?a ?year|month in|of ?our|annual|yearly revenue|revenues|sales|funding|profit|profits|turnover|debt|income|losses|assets|capital|value",
        "^ company|business|firm|agency|store|house|customer|deal", "^ ?im|an ?jahr umsatz|gewinn",
        "^ de facturacion|ventas|ingresos")
    private static let ownMoney = Phrase.list(
        "budget|budgeted|budgets", "spend|invest|afford|allocated|earmarked|allocate", "set|put aside",
        "we|i|you can|could|would|might|will ?probably|maybe|only pay|do|go|manage|stretch", "price range",
        "willing to pay",
        "ready|prepared|able to pay|spend", "approved|signed off|got approval", "to spend|invest", "at our disposal",
        "available", "we|i have|got ?about|around|roughly|maybe|up", "put into this|it", "for this|that|it $",
        "presupuesto|presupuestado", "gastar|invertir|pagar", "disponemos|disponible", "budget|etat",
        "ausgeben|investieren|zahlen|eingeplant|veranschlagt|vorgesehen", "zur verfugung")
    /// Money that is not to be spent on us.
    private static let othersMoney = Phrase.list(
        "lose|losing|lost|loses", "cost|costs|costing ?us|me",
        "revenue|revenues|turnover|profit|profits|sales|salary|wage",
        "raised", "i|we|he|she|they earn|make", "earns|makes|earning|making", "turn over",
        "currently|already|now|today pay|paying|spend|spending|pays",
        "we|they|i|he|she pay|paid|spent|pays|had", "we|i|they are|am ?still paying|spending", "turn|turns over",
        "we|they turn|turns",
        "you|he|she|they said|mentioned|told|wrote|want|charge|ask|asked", "on your", "is it", "how much", "website",
        "average|typical ~ is|are", "pay|paying|spend|spending ~ now|currently|today|already",
        "owe|owes|invoice|bill|billed|charged|charge|charges|charging",
        "quote|quoted|quotes|offer|offered|asked|asking|price",
        "worth|valued|valuation|funding|loan|debt|savings|rent|mortgage|wages|payroll", "customers|clients pay|spend",
        "competitor|competitors|vendor|supplier|provider|agency|boss|brother|sister|friend|neighbor|neighbour|wife|husband|company|firm|they|he|she|others|people ?do|does|would want|wants|wanted|charge|charges|charged|took|take|spend|spends|spent|pay|pays|paid|bought|has|got",
        "sold|sell|sells|selling", "last year|month|quarter", "penalty|refund|deposit", "a deal|contract of|worth",
        "his|her|their|your budget", "used to pay|spend|be",
        "ingresos|facturacion|facturamos|ventas|sueldo|salario|cuesta|perdemos|ganamos|pagamos|cobran|deuda|precio",
        "umsatz|gewinn|gehalt|kostet|kosten|verlieren|verdienen|verdiene|schulden|preis|miete", "zahlen wir",
        "wir zahlen ?derzeit|aktuell|momentan|zurzeit|heute")
}
