import Testing

@testable import SpokenLanguage

@Suite struct PlainTextTests {
    @Test(arguments: [
        ("![chart](chart.png \"the chart\") and [a](b)[c](d)", "chart and ac"),
        ("[a [b](c) d] and [x] (y)", "[a b d] and [x] (y)"),
        ("Fine [1, 2][^3]【4†x】, but [12 or 13] stays.", "Fine, but [12 or 13] stays."),
        ("An <b>old</b> <br/>tag, 3 < 4 > 2.", "An old tag, 3 < 4 > 2."),
        ("It holds (see above) (CF. page 2) (seen by us).", "It holds (seen by us)."),
        ("At (https://a.example/x) or www.b.example, and http:// alone.", "At or and http:// alone."),
        ("**Bold** __under__ _one_ ~~gone~~ ~5 `code` a\\_b", "Bold under _one_ gone ~5 code a_b"),
        ("- -5 degrees", "-5 degrees"),
        ("12) twelve", "twelve"),
        ("123. is a number", "123. is a number"),
        ("Gone ( [ ] ) and ( [x] ) stays", "Gone and ( [x] ) stays"),
        ("a , b ,, c ; d", "a, b, c; d"),
        (
            "Smith Inc. & Co vs. & Dr. Who, § 5 and §§ 6",
            "Smith Inc and Co versus and Doctor Who, section 5 and sections 6"
        ),
        ("[open (see, <tag", "[open (see, <tag"),
        ("été\u{00A0}: “ñ” – 🙂→ ok", "été: “ñ” – ok"),
        ("one\r\ntwo", "one\ntwo"),
        ("Text\n📚 **Sources:**\nlost", "Text"),
        ("Sources of law are many.", "Sources of law are many."),
    ])
    func `what is not for the ear is taken out`(_ written: String, _ plain: String) {
        #expect(PlainText.strip(written, language: "en") == plain)
    }

    @Test func `an unclosed bracket takes nothing along, however long the text`() {
        let long = String(repeating: "wörd ", count: 200)
        for opening in ["[", "[^", "(see ", "<b", "【", "![x]("] {
            let text = opening + long
            #expect(PlainText.strip(text, language: "fr") == text.dropLast())
        }
    }
}
