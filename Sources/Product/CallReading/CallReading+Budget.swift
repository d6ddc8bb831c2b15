import CallModel
import SpokenLanguage

extension CallReading {
    mutating func readBudget(_ turn: CallerTurn) {
        let asked = turn.topic == .budget
        let isAbout = asked || CallReading.budgetWords.matches(turn.words)
        let confirming = turn.question.amount != nil && (asked || turn.topic == nil || budget.isKnown)
        if isAbout || confirming, let none = SpokenMoney.noBudget(in: turn.text) {
            budget.hear(.low, 0.8, turn.evidence(none))
            budgetAmount = nil
            return
        }
        let mentions = SpokenMoney.find(in: turn.text, asked: asked || confirming)
        let isLoss = CallReading.otherMoney.matches(turn.words) && !CallReading.budgetWords.matches(turn.words)
        if let named = mentions.last(where: { !$0.negated }), isAbout || confirming, !isLoss || asked {
            hear(named, turn)
        } else if let denied = mentions.last(where: \.negated), let known = budgetAmount,
            known == denied.yearly || denied.amount <= known, isAbout || confirming
        {
            budget.withdraw(turn.evidence(denied.words))
            budgetAmount = nil
        } else if mentions.isEmpty, let amount = turn.question.amount, confirming, !isLoss {
            confirm(amount, turn)
        }
    }

    private mutating func hear(_ mention: MoneyMention, _ turn: CallerTurn) {
        var confidence = mention.approximate ? 0.75 : 0.85
        let around = turn.sentenceWords(around: mention.words)
        if Hedge.holdsBesidesAmounts(around) { confidence = 0.5 }
        if let currency = mention.currency, currency != context.currency { confidence *= 0.7 }
        if let known = budgetAmount, known != mention.yearly { budget.withdraw(turn.evidence(mention.words)) }
        budget.hear(context.thresholds.level(of: mention.yearly), confidence, turn.evidence(mention.words))
        budgetAmount = mention.yearly
    }

    /// The agent read an amount back and the caller answered without naming one.
    private mutating func confirm(_ amount: MoneyMention, _ turn: CallerTurn) {
        switch turn.answer {
        case .yes where budgetAmount == amount.yearly: budget.confirm(turn.evidence())
        case .yes where turn.topic == .budget || budget.isKnown:
            budget.withdraw(turn.evidence())
            budget.hear(context.thresholds.level(of: amount.yearly), 0.8, turn.evidence())
            budgetAmount = amount.yearly
        case .no where budgetAmount == amount.yearly:
            budget.withdraw(turn.evidence())
            budgetAmount = nil
        default: break
        }
    }

    private static let budgetWords = Phrase.list(
        "budget|budgeted|spend|invest|afford|allocated|earmarked", "set|put aside", "we|i can|could|would pay",
        "price range", "willing to pay")
    /// Money that is not to be spent on us.
    private static let otherMoney = Phrase.list(
        "lose|losing|lost|loses", "cost|costs|costing us|me",
        "revenue|turnover|profit|profits|sales|salary|raised|earn|make|makes|making",
        "currently|already pay|paying|spend|spending", "we pay", "owe|invoice|bill|charged")
}
