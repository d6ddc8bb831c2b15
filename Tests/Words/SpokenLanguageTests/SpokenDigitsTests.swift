import SpokenLanguage
import Testing

@Suite struct SpokenDigitsTests {
    private func rows(_ text: String) -> [String] {
        SpokenDigits(text).rows.map { $0.digits.map { String($0) }.joined() }
    }

    @Test(arguments: [
        ("four one double one triple two", ["4111222"]), ("three ones and two zeros", ["11100"]),
        ("twenty seven forty", ["2740"]), ("4111-1111 uh 22", ["4111111122"]), ("oh nine, nought nil", ["0900"]),
        ("212 555 at 3 30", ["212555", "330"]), ("", []), ("one moment please", []),
        ("call me to talk for a while", []),
        ("double trouble", []), ("14:30", ["14", "30"]), ("$5 6", ["56"]), ("25,000 people", []),
    ])
    func `digits are read as people say and write them`(_ text: String, _ digits: [String]) {
        #expect(rows(text) == digits)
    }

    @Test func `what is said before and behind a row is known`() {
        let open = SpokenDigits("and then it's 4111 okay")
        let closed = SpokenDigits("flight 4111 leaves")

        #expect(open.opensWithRow && open.closesWithRow && !open.isFiller)
        #expect(!closed.opensWithRow && !closed.closesWithRow)
        #expect(SpokenDigits("uh let me see").isFiller)
        #expect(SpokenDigits("212 and 213").rows.first?.stretches.count == 2)
    }

    @Test(arguments: ["٤١١١", "4111", "４１１１"]) func `digits of any script are digits`(_ text: String) {
        #expect(rows(text) == ["4111"])
    }
}
