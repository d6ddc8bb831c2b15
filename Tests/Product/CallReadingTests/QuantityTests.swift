import CallModel
import CallReading
import Foundation
import TestSupport
import Testing

/// Amounts, times and meetings as callers name them. The calls are on Sunday, 29 November 2026, 09:31 in New York.
@Suite struct QuantityTests {
    private static let now = Date(timeIntervalSince1970: 1_795_962_660)

    private func insight(_ script: String, language: String = "en") -> CallInsight {
        var record = Conversation.record(script)
        record.opening.rangAt = Self.now
        record.opening.language = language
        return RuleExtractor().insight(for: record, context: ExtractionContext(record: record))
    }

    private func bant(_ said: String, language: String = "en") -> BANT {
        let question = ["es": "¿Qué presupuesto tiene previsto?", "de": "Welches Budget haben Sie vorgesehen?"][
            language]
        let answers = said.split(separator: "+").map { "C: \($0.trimmingCharacters(in: .whitespaces))" }
        return insight(
            "A: \(question ?? "What budget do you have in mind?")\n" + answers.joined(separator: "\n"),
            language: language
        ).bant
    }

    private func callBack(_ said: String, language: String = "en") -> String {
        let question = ["es": "¿Cuándo podemos volver a llamarle?", "de": "Wann dürfen wir Sie zurückrufen?"][language]
        return Conversation.moment(
            insight("A: \(question ?? "When may we call you back?")\nC: \(said)", language: language).followUpNamedAt?
                .value)
    }

    // MARK: Money

    @Test(arguments: [
        ("we have €5.000,00 for this", 5_000, "EUR"), ("about 1.200.000 euros", 1_200_000, "EUR"),
        ("25.000 €", 25_000, "EUR"), ("18 500 € hors taxes", 18_500, "EUR"), ("CHF 10'000.-", 10_000, "CHF"),
        ("five lakh rupees", 500_000, "INR"), ("1.2 lakh rupees", 120_000, "INR"), ("INR 3,50,000", 350_000, "INR"),
        ("two and a half crore rupees", 25_000_000, "INR"), ("20 thousand pounds", 20_000, "GBP"),
        ("forty thousand Swiss francs", 40_000, "CHF"), ("fifty thousand dirhams", 50_000, "AED"),
        ("NZ$ 25,000", 25_000, "NZD"), ("ten thousand Hong Kong dollars", 10_000, "HKD"),
        ("eight thousand euros, sorry, pounds", 8_000, "GBP"), ("in Swiss francs about forty thousand", 40_000, "CHF"),
    ])
    func `a budget is kept in the currency it was named in`(_ said: String, _ amount: Double, _ currency: String) {
        #expect(bant(said).budgetAmount == amount)
        #expect(bant(said).budgetCurrency == currency)
    }

    @Test(arguments: [
        ("twelve to fifteen hundred a month", 14_400), ("two to three hundred thousand", 200_000),
        ("one twenty five thousand", 125_000), ("two twenty five thousand", 225_000), ("one oh five thousand", 105_000),
        ("three quarters of a million", 750_000), ("1/2 million", 500_000), ("1 ½ million", 1_500_000),
        ("half of a hundred thousand", 50_000), ("a hundred and fifty thousand", 150_000), (".5 million", 500_000),
        ("fifteen not fifty thousand", 15_000), ("fifteen, no, fifty thousand", 50_000),
        ("fifty thousand, sorry, fifteen", 15_000), ("two thousand a month, I mean a year", 2_000),
        ("it was thirty, now it's twenty thousand", 20_000), ("uh twelve uh thousand", 12_000), ("25-30,000", 25_000),
        ("25 to 30 thousand", 25_000), ("our monthly budget is two thousand", 24_000), ("$500/month", 6_000),
        ("two fifty a month", 3_000), ("we have about + twenty thousand + dollars", 20_000),
        ("our budget is + thirty + no + forty thousand", 40_000),
        ("the budget is ten thousand and our revenue is two million", 10_000),
        ("our revenue is two million but the budget is ten thousand", 10_000),
    ])
    func `an amount is read as it was meant`(_ said: String, _ amount: Double) {
        #expect(bant(said).budgetAmount == amount)
        #expect(bant(said).budgetCurrency == nil)
    }

    @Test(arguments: [
        "my number is 212 555 0142", "our zip code is 10012", "it's suite two hundred",
        "our rent is five thousand a month",
        "I make ninety thousand a year myself", "my boss spent fifty thousand on a boat",
        "we're a five million dollar company",
        "your competitor quoted us twelve thousand", "we do two million in revenue", "fifty thousand is too much",
        "several thousand", "six figures", "forty dollars per user", "five thousand upfront and two hundred a month",
        "we have three hundred employees", "in 2027",
    ])
    func `what is no budget, or not all of one, is none`(_ said: String) {
        #expect(bant(said).budgetAmount == nil)
    }

    @Test(arguments: [
        ("veinticinco mil euros", "es", 25_000), ("dos millones y medio de pesos", "es", 2_500_000),
        ("entre diez y quince mil euros al mes", "es", 120_000), ("quince mil, no cincuenta mil", "es", 15_000),
        ("fünfundzwanzigtausend Euro", "de", 25_000), ("zweieinhalb Millionen", "de", 2_500_000),
        ("fünfzehn, nein, fünfzigtausend", "de", 50_000), ("1.500,50 € im Monat", "de", 18_006),
        ("unser Umsatz ist drei Millionen, das Budget zehntausend", "de", 10_000),
    ])
    func `amounts are read in Spanish and German`(_ said: String, _ language: String, _ amount: Double) {
        #expect(bant(said, language: language).budgetAmount == amount)
    }

    @Test func `a budget in a small currency is no high one`() {
        #expect(bant("five lakh rupees").budget.value == .medium)
        #expect(bant("fifty thousand yen").budget.value == .low)
        #expect(bant("thirty thousand pounds").budget.value == .high)
    }

    @Test func `an answer in several transcripts rests on the one it begins in`() throws {
        let evidence = try #require(bant("we have about + twenty thousand + dollars").budget.evidence.first)

        #expect(evidence.turnNumber == 2)
        #expect(evidence.words == "we have about")
    }

    // MARK: Call backs

    @Test(arguments: [
        ("tomorrow at ten to five", "2026-11-30 16:50"), ("Tuesday at half three", "2026-12-01 15:30"),
        ("Wednesday at twenty to three", "2026-12-02 14:40"), ("five minutes to four on Thursday", "2026-12-03 15:55"),
        ("quarter of three on Thursday", "2026-12-03 14:45"), ("Thursday at 2.30pm", "2026-12-03 14:30"),
        ("14h30 on Thursday", "2026-12-03 14:30"), ("at 1430 on Thursday", "2026-12-03 14:30"),
        ("fifteen hundred hours on Tuesday", "2026-12-01 15:00"), ("sixteen thirty tomorrow", "2026-11-30 16:30"),
        ("a week on Tuesday", "2026-12-08 09:00"), ("three weeks from Monday", "2026-12-21 09:00"),
        ("a week tomorrow at ten", "2026-12-07 10:00"), ("a fortnight on Monday", "2026-12-14 09:00"),
        ("two Tuesdays from now", "2026-12-08 09:00"), ("in an hour and a half", "2026-11-29 11:01"),
        ("in three quarters of an hour", "2026-11-29 10:16"), ("in three or four days", "2026-12-02 09:00"),
        ("2026-12-09 at 15:00", "2026-12-09 15:00"), ("2026-12-10T09:30", "2026-12-10 09:30"),
        ("12/9 at 3 pm", "2026-12-09 15:00"), ("14.12. at 10:30", "2026-12-14 10:30"),
        ("Wed 2 Dec 13:45", "2026-12-02 13:45"),
        ("first Monday in January", "2027-01-04 09:00"), ("the last Friday in January", "2027-01-29 09:00"),
        ("mid March would be good", "2027-03-15 09:00"), ("late next week", "2026-12-03 09:00"),
        ("the week of December fourteenth", "2026-12-14 09:00"), ("the day after Christmas", "2026-12-26 09:00"),
        ("after Thanksgiving", "2027-11-26 09:00"), ("the Tuesday after Christmas", "2026-12-29 09:00"),
        ("Thursday between two and four", "2026-12-03 14:00"), ("2-4pm Tuesday", "2026-12-01 14:00"),
        ("close of business Friday", "2026-12-04 17:00"), ("Friday just before noon", "2026-12-04 11:45"),
        ("not before eleven on Thursday", "2026-12-03 11:00"), ("before Friday", "2026-12-03 09:00"),
        ("Monday at 3 pm Pacific", "2026-11-30 18:00"), ("3 pm London time on Monday", "2026-11-30 10:00"),
        ("tomorrow at eleven my time, I'm in Chicago", "2026-11-30 12:00"),
    ])
    func `a time to call back is read`(_ said: String, _ moment: String) {
        #expect(callBack(said) == moment)
    }

    @Test(arguments: [
        ("not Thursday, Friday at ten", "2026-12-04 10:00"), ("not tomorrow, the day after at ten", "2026-12-01 10:00"),
        ("Monday, sorry, Tuesday at ten", "2026-12-01 10:00"), ("Tuesday at two, no wait, three", "2026-12-01 15:00"),
        ("two thirty, not two, on Tuesday", "2026-12-01 14:30"), ("Friday morning, no, afternoon", "2026-12-04 14:00"),
        ("Tuesday or Wednesday at three", "2026-12-01 15:00"),
        ("Monday's no good, what about Tuesday at two", "2026-12-01 14:00"),
        ("I'm out Monday and Tuesday but Wednesday morning is fine", "2026-12-02 09:00"),
        ("we close at six so please make it before that, say five on Tuesday", "2026-12-01 17:00"),
        ("I land at noon tomorrow, call me at two", "2026-11-30 14:00"),
    ])
    func `what was corrected or ruled out does not count`(_ said: String, _ moment: String) {
        #expect(callBack(said) == moment)
    }

    @Test(arguments: [
        "any day except Friday", "I can't do Thursday", "Tuesdays are out", "not on a Monday",
        "neither Monday nor Tuesday",
        "Monday and Tuesday are full", "don't call Wednesday, I'm in court", "no need to call back",
        "I'll call you tomorrow",
        "we open at nine and close at five", "I was born on the fourth of July",
        "your colleague said she'd call at ten",
        "my birthday is on the tenth", "the contract ends in March", "it's Sunday, why are you calling",
        "one moment please",
        "my husband gets home at six", "I've been waiting since ten",
    ])
    func `a time that is none to call back is not recorded`(_ said: String) {
        #expect(callBack(said) == "-")
    }

    @Test(arguments: [
        ("el martes a las tres y media", "es", "2026-12-01 15:30"),
        ("a las seis menos diez el lunes", "es", "2026-11-30 17:50"),
        ("cualquier día menos el viernes", "es", "-"), ("el quince de enero a las diez", "es", "2027-01-15 10:00"),
        ("am Dienstag um halb vier", "de", "2026-12-01 15:30"),
        ("fünf nach halb drei am Dienstag", "de", "2026-12-01 14:35"),
        ("am Montagvormittag", "de", "2026-11-30 09:00"),
        ("nicht am Mittwoch, lieber Donnerstag um zwei", "de", "2026-12-03 14:00"),
        ("jeden Tag außer Freitag", "de", "-"),
    ])
    func `times are read in Spanish and German`(_ said: String, _ language: String, _ moment: String) {
        #expect(callBack(said, language: language) == moment)
    }

    // MARK: Timelines

    @Test(arguments: [
        ("by Christmas", TimelineLevel.thisMonth), ("in six to eight weeks", .thisQuarter), ("in Q2", .thisYear),
        ("not before twenty twenty nine", .unknown), ("this week, no, next month", .thisQuarter),
        ("in two weeks, sorry, two months", .thisQuarter), ("a week and a half", .immediate),
        ("I've been here for six months", .unknown),
        ("the quicker the better", .immediate), ("inside of a fortnight", .immediate),
    ])
    func `a timeline is read of every kind of time`(_ said: String, _ level: TimelineLevel) {
        #expect(insight("A: When would you like to have it in place?\nC: \(said)").bant.timeline.value == level)
    }

    @Test func `a timeline that was read back is confirmed, or withdrawn`() {
        let script = "A: When would you like to start?\nC: in two weeks\nA: In two weeks, is that right?\nC: "

        #expect(insight(script + "no, in two months").bant.timeline.value == .thisQuarter)
        #expect(insight(script + "no").bant.timeline.value == .unknown)
        #expect(insight("A: So you'd like to start in January?\nC: that's right").bant.timeline.value == .thisQuarter)
    }

    // MARK: Meetings

    private static let offer = "A: Shall we schedule a demo on Tuesday at three in the afternoon?\n"

    @Test(arguments: [
        (
            "A: Could we meet on Tuesday at three in the afternoon?\nC: yes, that works\nA: Great, see you on Tuesday at three.",
            "15:00"
        ),
        (offer + "C: can we make it four\nA: Perfect, Tuesday at four. I have booked the demo.", "16:00"),
        (offer + "C: I don't see why not", "15:00"), (offer + "C: I'll take it", "15:00"),
        (offer + "C: an hour later\nA: Tuesday at four, booked.", "16:00"),
        (offer + "C: yes but in the morning, at nine\nA: Tuesday at nine, perfect.", "09:00"),
        (offer + "C: hmm let me see\nC: yes that's okay", "15:00"),
        (
            "A: When would you like to meet?\nC: Tuesday\nA: At what time?\nC: at ten\nA: Tuesday at ten, booked.",
            "10:00"
        ),
        ("A: We could meet on Monday at ten or Tuesday at two.\nC: Tuesday at two\nA: Great, Tuesday at two.", "14:00"),
    ])
    func `a meeting is agreed on`(_ script: String, _ time: String) {
        #expect(Conversation.moment(insight(script).meeting?.startsAt) == "2026-12-01 \(time)")
    }

    @Test(arguments: [
        offer + "C: maybe", offer + "C: only if it's free if my boss agrees",
        offer + "C: I'd rather read something first",
        offer + "C: what's it about", offer + "C: Tuesday is no good", offer + "C: I'll think about it",
        offer + "C: yes\nA: Booked, Tuesday at three.\nC: actually forget the demo",
        "A: We could meet on Monday at ten or Tuesday at two.\nC: yes",
        "A: What can I do for you?\nC: I have a meeting on Tuesday at three so be quick",
        "A: Our webinar was on Tuesday at three. Did you see it?\nC: yes",
    ])
    func `no meeting is made up`(_ script: String) {
        #expect(insight(script).meeting == nil)
    }

    @Test func `to talk again is a call back and no meeting`() {
        let insight = insight("A: Shall we talk again on Tuesday at three in the afternoon?\nC: yes please")

        #expect(Conversation.moment(insight.followUpNamedAt?.value) == "2026-12-01 15:00")
        #expect(insight.meeting == nil)
    }

    @Test func `a meeting is moved to another day at the same hour`() {
        let insight = insight(
            "A: When would you like to meet?\nC: Tuesday at ten\nA: Perfect, you are booked for Tuesday at ten.\n"
                + "C: oh wait can we do Wednesday instead\nA: Of course, Wednesday at ten.")

        #expect(Conversation.moment(insight.meeting?.startsAt) == "2026-12-02 10:00")
    }

    @Test func `a call back that was agreed on is off when its day is ruled out`() {
        let insight = insight(
            "A: When may I call you?\nC: Thursday at ten\nA: Great.\nC: actually I can't do Thursday")

        #expect(insight.followUpNamedAt == nil)
    }
}
