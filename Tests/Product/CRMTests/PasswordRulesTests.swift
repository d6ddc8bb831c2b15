import CRM
import Testing

@Suite struct PasswordRulesTests {
    @Test(arguments: [
        "a heron waits at noon", "correct horse battery staple", "Mq8#vLw2!xTz", "Grüße aus Köln, ihr alle",
        "雨の日は本を読んで過ごすのが好き",
        "passionate gardening wins", "tomatoes on the window sill", "849302718264",
    ])
    func `words that do not belong together, and what chance made, are passwords`(_ password: String) {
        #expect(PasswordRules.fault(in: password, email: "ann.smith@example.com") == nil)
    }

    @Test(arguments: [
        "password1234", "Password1234!", "P@ssw0rd2026", "passwordpassword", "qwertyuiop12", "QWERTYUIOP!!",
        "1qaz2wsx3edc",
        "123456789012", "987654321098", "aaaaaaaaaaaa", "abcabcabcabc", "abcdefghijkl", "letmein12345", "welcome2026!",
        "iloveyou1234", "administrator1", "changeme2026", "Parley2026!!", "ann.smith2026", "smithsmith12",
        "asdfghjkl123",
    ])
    func `what others guess first is none`(_ password: String) {
        #expect(PasswordRules.fault(in: password, email: "ann.smith@example.com") != nil)
    }

    @Test func `a password is neither short nor a book`() {
        #expect(PasswordRules.fault(in: "heron at noo") == nil)
        #expect(PasswordRules.fault(in: "heron at no") != nil)
        #expect(PasswordRules.fault(in: "") != nil)
        let long = String(
            decoding: (0..<128).map { UInt8(ascii: "b") + UInt8(truncatingIfNeeded: $0 * $0 % 23) }, as: UTF8.self)
        #expect(PasswordRules.fault(in: long) == nil)
        #expect(PasswordRules.fault(in: long + "x") != nil)
    }
}
