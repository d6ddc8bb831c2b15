import SpokenLanguage
import Testing

@Suite struct SpokenMoneyTests {
    @Test(arguments: [
        ("about twenty five thousand dollars", 25_000), ("$25,000", 25_000), ("25k", 25_000),
        ("half a million", 500_000),
        ("our budget is thirty thousand", 30_000), ("we could do ten grand", 10_000),
        ("ten to fifteen thousand", 10_000),
        ("between ten and fifteen thousand dollars", 10_000), ("$10-15k", 10_000),
        ("five hundred to a thousand dollars", 500),
        ("up to 50k", 50_000), ("two hundred dollars a month", 200), ("a hundred bucks", 100),
        ("EUR is fine, 5,000 euros", 5_000),
        ("six figures", 100_000), ("around forty thousand or so", 40_000), ("a couple of thousand", 2_000),
        ("no more than twenty thousand", 20_000), ("twenty thirty thousand", 20_000), ("£3.5k", 3_500),
        ("one hundred and twenty thousand", 120_000), ("three hundred fifty dollars", 350), ("a million", 1_000_000),
    ])
    func `an amount is heard`(_ said: String, _ amount: Double) {
        #expect(SpokenMoney.find(in: said).map(\.amount) == [amount])
    }

    @Test(arguments: [
        "we have forty people", "three thousand employees", "at three on tuesday", "fifty percent", "call me at two",
        "one of the five thousand reasons", "twenty five", "thousands of calls a day", "", "grand opening",
        "ten minutes",
        "I spend 30% of my day", "room two hundred", "zero", "two hundred thousand customers",
    ])
    func `a number of something else is no amount`(_ said: String) {
        #expect(SpokenMoney.find(in: said).isEmpty)
    }

    @Test func `a bare number answers a question for an amount`() {
        #expect(SpokenMoney.find(in: "maybe five hundred", asked: true).map(\.amount) == [500])
        #expect(SpokenMoney.find(in: "about thirty", asked: true).isEmpty)
        #expect(SpokenMoney.find(in: "we are forty people", asked: true).isEmpty)
    }

    @Test func `a range keeps both ends`() throws {
        let mention = try #require(SpokenMoney.find(in: "somewhere between ten and fifteen thousand euros").first)

        #expect((mention.lower, mention.upper) == (10_000, 15_000))
        #expect(mention.isRange)
        #expect(mention.approximate)
        #expect(mention.currency == "EUR")
    }

    @Test func `a bound is kept as one`() {
        #expect(SpokenMoney.find(in: "up to fifty thousand").first?.upper == 50_000)
        #expect(SpokenMoney.find(in: "at least twenty thousand").first?.lower == 20_000)
        #expect(SpokenMoney.find(in: "no more than 20k").first?.upper == 20_000)
        #expect(SpokenMoney.find(in: "under ten thousand").first?.upper == 10_000)
    }

    @Test func `a period makes a yearly amount`() {
        #expect(SpokenMoney.find(in: "two hundred dollars a month").first?.yearly == 2_400)
        #expect(SpokenMoney.find(in: "5k per year").first?.yearly == 5_000)
        #expect(SpokenMoney.find(in: "two thousand monthly").first?.period == .month)
    }

    @Test func `a denied amount is marked`() {
        #expect(SpokenMoney.find(in: "not fifty thousand").map(\.negated) == [true])
        #expect(SpokenMoney.find(in: "we can't afford ten thousand").map(\.negated) == [true])
        #expect(SpokenMoney.find(in: "we don't have fifty thousand").map(\.negated) == [true])
        #expect(SpokenMoney.find(in: "fifteen thousand, not fifty thousand").map(\.negated) == [false, true])
        #expect(SpokenMoney.find(in: "not sure, about fifty thousand").map(\.negated) == [false])
    }

    @Test func `two amounts said in a row are two`() {
        #expect(SpokenMoney.find(in: "no not fifty thousand fifteen thousand").map(\.amount) == [50_000, 15_000])
        #expect(SpokenMoney.find(in: "two thousand five hundred dollars").map(\.amount) == [2_500])
    }

    @Test func `the quote is what was said`() {
        #expect(SpokenMoney.find(in: "We have about $25,000, I think.").first?.quote == "about $25,000")
        #expect(
            SpokenMoney.find(in: "uh about twenty five thousand dollars").first?.quote
                == "about twenty five thousand dollars")
    }

    @Test(arguments: [
        ("we have no budget", true), ("there's no money for that", true), ("we don't have any budget", true),
        ("we can't afford it", true), ("zero budget", true), ("we don't have a budget yet", false),
        ("no budget set", false), ("our budget is ten thousand", false), ("I don't know the budget", false),
        ("", false),
        ("no budget limits", false),
    ])
    func `no money is told from no figure yet`(_ said: String, _ isNone: Bool) {
        #expect((SpokenMoney.noBudget(in: said) != nil) == isNone)
    }

    /// What stands between two amounts may belong to either.
    @Test func `amounts come in their order and share no word, whatever stands between them`() {
        let words = ["ten", "5", "$", "usd", "euros", "in", "or", "so", "canadian", "thousand", "no", "figures"]
        let two = words.flatMap { first in words.map { "\(first) \($0)" } }
        for text in two.flatMap({ first in two.map { "six \(first) \($0)" } }) {
            let mentions = SpokenMoney.find(in: text, asked: true)

            let areApart = zip(mentions, mentions.dropFirst()).allSatisfy { $0.words.upperBound <= $1.words.lowerBound }
            if !areApart { Issue.record("\(text): \(mentions.map(\.words))") }
        }
    }
}
