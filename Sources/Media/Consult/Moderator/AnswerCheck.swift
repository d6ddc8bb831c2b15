import SpokenLanguage

/// Whether what a language model says may be told to a caller: it rests on what it was given, promises nothing of its
/// own, and gives no orders. Its words may be its own.
package struct AnswerCheck: Sendable {
    package enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
        /// A figure that was given nowhere.
        case inventedFigure
        /// Words that bind us, which what it was given does not have.
        case promise
        /// Addressed to the agent instead of the caller.
        case order
        /// Most of what it speaks of was given nowhere.
        case inventedMatter

        package var description: String {
            switch self {
            case .inventedFigure: "it names a figure that stands nowhere in what it was given"
            case .promise: "it promises what nothing it was given promises"
            case .order: "it gives orders to the agent"
            case .inventedMatter: "it speaks of what stands nowhere in what it was given"
            }
        }
    }

    private let figures: AnswerFigures
    private let mayPromise: Bool
    private let terms: Set<String>

    /// - Parameters:
    ///   - given: what the answer may rest on: the specialist's material, or the answers to be merged.
    ///   - asked: the question; its figures may be named, but what it asks for is not promised by being asked for.
    package init(given: [String], asked: String) {
        var figures = AnswerFigures(asked)
        for text in given { figures.add(text) }
        self.figures = figures
        mayPromise = given.contains { AnswerCheck.promises.matches(Normalised.words($0)) }
        terms = given.reduce(into: QuestionTerms.set(asked)) { $0.formUnion(QuestionTerms.set($1)) }
    }

    /// - Parameter isRetelling: nothing may be in it that was not said before, in whatever words.
    package func fault(in answer: String, isRetelling: Bool = false) -> Fault? {
        let words = Normalised.words(answer)
        if AnswerCheck.isOrder(answer, words) { return .order }
        if !mayPromise, AnswerCheck.promises.matches(words) { return .promise }
        if !AnswerFigures(answer).isSubset(of: figures) { return .inventedFigure }
        guard isRetelling else { return nil }
        let spoken = QuestionTerms.set(answer)
        return spoken.count(where: terms.contains) * 2 < spoken.count ? .inventedMatter : nil
    }

    /// "I am sorry, this is not my field": whoever begins so, and goes on with no "but", has not answered.
    package static func declines(_ answer: String) -> Bool {
        let sentences = ReplyMerge.split(answer).map(Normalised.words)
        guard let first = sentences.first(where: { $0.count > 3 }) ?? sentences.first else { return true }
        guard refusals.matches(first) else { return false }
        return !first.contains("but") && !first.contains("however")
    }

    private static func isOrder(_ answer: String, _ words: CodedWords) -> Bool {
        if orders.matches(words) { return true }
        // `transfer_to_human`, `SYSTEM:`, `<|im_start|>`: no sentence for the ear has those.
        let marks = ["_", "<|", "|>", "```", "[INST]", "SYSTEM:", "System:", "ASSISTANT:", "Assistant:", "DEVELOPER:"]
        return marks.contains(where: answer.contains)
    }

    private static let rules = "instructions|rules|prompt|guidelines|directions|policies"
    private static let orders = Phrase.list(
        "ignore|disregard|forget|override ?all|any|the|your|these ?of ?the|your ?previous|prior|above|earlier \(rules)",
        "you are ?now|henceforth in|an|the ?administrator|admin|developer|debug|god|maintenance mode",
        "administrator|admin|developer|debug|god mode", "system prompt", "new instructions",
        "call|invoke|use|run|execute the ?following function|tool", "tell|inform the caller that|they",
        "pretend to|you", "act as", "from now on you", "you must now", "ignoriere|vergiss ~ anweisungen|regeln",
        "ignora|olvida ~ instrucciones|reglas")
    private static let granted = "granted|approved|guaranteed|waived|confirmed"
    private static let favours =
        "discount|reduction|price|rate|refund|fee|fees|exception|credit|credits|offer|request|waiver|it|that|this"
    private static let promises = Phrase.list(
        "\(favours) ~ is|are|has|have|was|been ?already ?been ?hereby ?now ?all \(granted)",
        "granted|confirmed|approved ?and ?granted|confirmed|approved for you", "granted|approved and confirmed",
        "we|i ?will|can|hereby|shall|do|would ?gladly grant|guarantee|promise|waive|refund|approve|assure",
        "we|i will|shall|hereby ?gladly give|offer|pay|lower|reduce|match ?you|your|the|it", "you have my|our word",
        "price|discount is yours", "i|we ?hereby confirm ?hereby that|the|your|a",
        "wir|ich garantieren|garantiere|versprechen|verspreche", "zugesichert|bewilligt",
        "le|les garantizo|garantizamos|prometo|prometemos")
    private static let field = "field|area|subject|domain|expertise|speciality|specialty|remit|topic|scope"
    private static let refusals = Phrase.list(
        "not ?really ?in|within|of|part ?of my|our ?own \(field)", "outside|beyond ?of my|our|the ?own ~ \(field)",
        "i|we can|could not ?really answer|help|assist", "not|un able to answer|help|assist",
        "unable to answer|help|assist", "i|we do not ?really know|have ?an|any|that ?answer|information|knowledge",
        "no information ?about|on|is", "material|materials|documents|information ?provided|above does|do not",
        "not covered|addressed|mentioned", "not the right person|specialist|expert",
        "nicht mein|meinem|unser fachgebiet|gebiet|bereich|thema", "ich|wir kann|können ~ nicht beantworten|helfen",
        "weiß|weiss ich nicht", "no es mi campo|especialidad|área|tema",
        "no puedo|podemos responder|contestar|ayudar", "no lo sé|sabemos")
}

/// The figures of a text, by what they measure: "forty-three minutes" and "43 min" are one, "three quarters of an hour" is
/// close.
struct AnswerFigures: Equatable, Sendable {
    enum Measure: Hashable, Sendable {
        case plain, percent, money
        /// In seconds.
        case time
    }

    private struct Figure: Hashable {
        var value: Double
        var measure: Measure
    }

    /// Small numbers in words count things anybody may count: "one of them", "in two steps".
    private static let countedMax = 12.0
    /// How far off a figure in other words may be: of a time, and of an amount.
    private static let timeTolerance = 0.12
    private static let moneyTolerance = 0.03

    private var measured: [Figure] = []
    /// All numbers, whatever they measure.
    private var values: Set<Double> = []
    /// Times that are told without a number.
    private var known: [Double] = []

    init(_ text: String) { add(text) }

    mutating func add(_ text: String) {
        let spoken = SpokenText(text.cut(charactersMax: 60_000))
        for number in SpokenNumber.find(in: spoken) {
            values.insert(number.value)
            let figure = AnswerFigures.figure(number, in: spoken)
            let first = spoken.words[number.words.lowerBound].text.utf8.first
            let isWritten = first.map { !(0x61...0x7A).contains($0) } ?? false
            if figure.measure == .plain, !isWritten, figure.value <= AnswerFigures.countedMax { continue }
            measured.append(figure)
        }
        for (at, word) in spoken.texts.enumerated() {
            // "within a month": a figure to compare with, though no number.
            guard ["a", "an", "per", "each", "every"].contains(word), let unit = spoken[at + 1].flatMap(seconds) else {
                continue
            }
            known.append(unit)
        }
    }

    /// Whether every figure is one of `others`, rounded at most.
    func isSubset(of others: AnswerFigures) -> Bool { measured.allSatisfy(others.holds) }

    private func holds(_ figure: Figure) -> Bool {
        switch figure.measure {
        case .plain: values.contains(figure.value)
        case .percent:
            measured.contains(figure) || measured.contains { $0.measure == .plain && $0.value == figure.value }
        case .money:
            measured.contains {
                $0.measure != .time && $0.measure != .percent
                    && abs($0.value - figure.value) <= abs($0.value) * AnswerFigures.moneyTolerance
            }
        case .time:
            measured.contains {
                $0.measure == .time && abs($0.value - figure.value) <= $0.value * AnswerFigures.timeTolerance
            } || known.contains(figure.value)
        }
    }

    private static func figure(_ number: SpokenNumber, in text: SpokenText) -> Figure {
        let next = (0..<4).map { text[number.words.upperBound + $0] ?? "" }
        if number.currency != nil || currencies.contains(next[0]) {
            return Figure(value: number.value, measure: .money)
        }
        if percents.contains(next[0]) || next[0] == "per" && next[1] == "cent" || isPercent(number, text) {
            return Figure(value: number.value, measure: .percent)
        }
        if let unit = seconds(next[0]) ?? (fillers.contains(next[0]) ? seconds(next[1]) : nil) {
            return Figure(value: number.value * unit, measure: .time)
        }
        // "three quarters of an hour", "half an hour".
        if ["quarter", "quarters"].contains(next[0]), next[1] == "of", let unit = seconds(next[3]) {
            return Figure(value: number.value * unit / 4, measure: .time)
        }
        return Figure(value: number.value, measure: .plain)
    }

    private static func isPercent(_ number: SpokenNumber, _ text: SpokenText) -> Bool {
        guard let last = text.words[number.words].last else { return false }
        return text.source[last.range.upperBound...].drop(while: { $0 == " " }).first == "%"
    }

    private func seconds(_ word: String) -> Double? { AnswerFigures.seconds(word) }

    private static func seconds(_ word: String) -> Double? {
        units[word] ?? (word.last == "s" ? units[String(word.dropLast())] : nil)
    }

    private static let units: [String: Double] = [
        "second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3_600, "day": 86_400, "week": 604_800,
        "month": 2_629_800,
        "year": 31_557_600,
    ]
    private static let fillers: Set<String> = ["calendar", "business", "working", "full", "whole", "more", "-"]
    private static let percents: Set<String> = ["percent", "prozent", "%"]
    private static let currencies: Set<String> = [
        "dollar", "dollars", "euro", "euros", "pound", "pounds", "dirham", "dirhams", "rupee", "rupees", "cent",
        "cents",
        "usd", "eur", "gbp", "aed", "inr",
    ]
}
