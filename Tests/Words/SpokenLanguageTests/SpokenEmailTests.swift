import SpokenLanguage
import Testing

@Suite struct SpokenEmailTests {
    /// What is said to "what is your e-mail address?", and what may be written down.
    private static let answers: [(String, [String?])] = [
        ("john underscore doe at the rate gmail dot com", ["john_doe@gmail.com"]),
        ("john doe at gmail dot com", ["john.doe@gmail.com", "johndoe@gmail.com", nil]),
        ("john ninety nine at gmail dot com", ["john99@gmail.com"]),
        ("not john at acme dot com, jon at acme dot com", ["jon@acme.com"]),
        ("anna at example dot health", ["anna@example.health"]),
        ("john double five at gmail dot com", ["john55@gmail.com"]),
        ("maria at example dot co dot uk", ["maria@example.co.uk"]),
        ("hans dot mueller at firma dot de", ["hans.mueller@firma.de"]),
        ("ceo at startup dot io", ["ceo@startup.io"]),
        ("anna at clinic dot care", ["anna@clinic.care"]),
        ("bob at example dot travel", ["bob@example.travel"]),
        ("bob at example dot org please", ["bob@example.org"]),
        ("it is bob at example dot app", ["bob@example.app"]),
        ("bob the builder at gmail dot com", [nil, "bobthebuilder@gmail.com", "bob.the.builder@gmail.com"]),
        ("the email is j smith at acme dot com", ["jsmith@acme.com", "j.smith@acme.com", nil]),
        ("j dot p dot morgan at chase dot com", ["j.p.morgan@chase.com"]),
        ("a dot b at c dot com", ["a.b@c.com"]),
        ("x y z at example dot com", ["xyz@example.com"]),
        ("x as in xray y as in yellow at example dot com", ["xy@example.com"]),
        ("m for mary at example dot com", ["m@example.com"]),
        ("peter pan 2020 at gmail dot com", ["peterpan2020@gmail.com", nil]),
        ("peter twenty twenty at gmail dot com", ["peter2020@gmail.com"]),
        ("peter nineteen eighty five at gmail dot com", ["peter1985@gmail.com"]),
        ("p one at example dot com", ["p1@example.com"]),
        ("sales at three sixty media dot com", ["sales@360media.com"]),
        ("mike at 4 u dot net", ["mike@4u.net"]),
        ("contact at blue sky travel dot com", ["contact@blueskytravel.com"]),
        ("info at a b c dot com", ["info@abc.com"]),
        ("dash is in it, tom dash smith at x y dot com", ["tom-smith@xy.com"]),
        ("tom hyphen smith at my hyphen company dot com", ["tom-smith@my-company.com"]),
        ("kate dot o'neil at example dot com", ["kate.o'neil@example.com", "kate.oneil@example.com", nil]),
        ("first dot last at company dot com", [nil, "first.last@company.com"]),
        ("you can reach me at lou at example dot com", ["lou@example.com"]),
        ("send it to lou at example dot com", ["lou@example.com"]),
        ("email me on lou at example dot com", ["lou@example.com"]),
        ("lou at example dot com is my address", ["lou@example.com"]),
        ("um it's lou uh at uh example dot com", ["lou@example.com"]),
        ("l o u at example dot com", ["lou@example.com"]),
        ("lou, L O U, at example dot com", ["lou@example.com"]),
        ("lou spelled L O U at example dot com", ["lou@example.com", nil]),
        ("my e-mail is lou@example.com", ["lou@example.com"]),
        ("Lou.Reed+news@Example.CO.UK", ["lou.reed+news@example.co.uk"]),
        ("lou at example dot com, no wait, lou at sample dot com", ["lou@sample.com"]),
        ("lou at example dot com, I mean dot org", ["lou@example.org"]),
        ("it was lou at example dot com but now it's lou at sample dot com", ["lou@sample.com"]),
        ("underscore lou at example dot com", ["_lou@example.com", "lou@example.com", nil]),
        ("lou under score reed at example dot com", ["lou_reed@example.com"]),
        ("lou period reed at example period com", ["lou.reed@example.com"]),
        ("lou point reed at example point com", ["lou.reed@example.com"]),
    ]

    @Test(arguments: answers)
    func `an address is read however it is told`(_ said: String, _ addresses: [String?]) {
        #expect(addresses.contains(SpokenEmail.find(in: said, asked: true)?.address))
    }

    private static let refusals = """
        my first name dot my last name at acme dot com
        my boss is at peter at example dot com
        his email is peter at example dot com
        my wife's email is deb at example dot com
        don't write to lou at example dot com anymore
        is your email info at acme dot com
        I'm at work
        I'm at example dot com right now
        visit us at acme dot com
        I don't have one
        no email
        gmail
        dot com
        same as my name
        you have it already
        at gmail
        we're at acme dot com
        I work at amazon dot com
        meet me at noon dot
        look us up at example dot org
        lou at example
        lou at gmail
        lou gmail com
        louexample.com
        """.split(separator: "\n").map(String.init)

    @Test(arguments: refusals)
    func `somebody else's address, half of one and a site are none`(_ said: String) {
        #expect(SpokenEmail.find(in: said, asked: true) == nil)
    }

    private static let remarks = """
        we met at one dot me conference and I need a demo
        I wrote to support at acme dot com yesterday
        I got a mail from info at acme dot com
        I looked at booking dot com
        I found it at amazon dot com
        """.split(separator: "\n").map(String.init)

    @Test(arguments: remarks)
    func `what is told in passing is no address`(_ said: String) {
        #expect(SpokenEmail.find(in: said) == nil)
    }
}
