import CallModel
import FoundationEssentials
import Testing

@Suite struct DialledAddressTests {
    @Test(arguments: [
        ("+1 (415) 555-0100", "+14155550100"), ("sip:+14155550100@acme.sip.twilio.com;user=phone", "+14155550100"),
        ("sip:%2B442079460958@gw.example.com", "+442079460958"), ("sips:14155550100@gw.example.com", "+14155550100"),
        ("tel:+14155550100", "+14155550100"), ("SIP:4155550100@gw.example.com:5060", "+14155550100"),
    ])
    func `a number is a number, also as the user of an address`(_ written: String, _ number: String) {
        #expect(DialledAddress(written)?.number?.text == number)
        #expect(DialledAddress(written)?.text == number)
    }

    @Test(arguments: [
        ("sip:clara@acme.sip.twilio.com", "sip:clara@acme.sip.twilio.com"),
        ("SIP:Clara@Acme.sip.us1.twilio.com;transport=tls?x=1", "sip:clara@acme.sip.us1.twilio.com"),
        ("sip:100@10.0.0.1", "sip:100@10.0.0.1"), ("client:clara_desk", "client:clara_desk"),
    ])
    func `another address is kept as it was dialled`(_ written: String, _ text: String) throws {
        let address = try #require(DialledAddress(written))

        #expect(address.number == nil)
        #expect(address.text == text)
        #expect(try JSONDecoder().decode([DialledAddress].self, from: JSONEncoder().encode([address])) == [address])
    }

    @Test(arguments: [
        "", "anonymous", "sip:", "client:", "mailto:a@b.c", "sip:a b@c", "sip:\n", "12", "http://example.com",
        "sip:" + String(repeating: "a", count: 300),
    ])
    func `what nobody can have dialled is no address`(_ written: String) {
        #expect(DialledAddress(written) == nil)
    }

    @Test(arguments: [("+14155550100", "1"), ("+442079460958", "44"), ("+97142345678", "971"), ("+74951234567", "7")])
    func `a number knows its country`(_ number: String, _ code: String) {
        #expect(E164(number)?.countryCode == code)
    }

    @Test func `a journal from before addresses is read`() throws {
        let opening = CallOpening(
            callID: CallID(), tenant: .initial, profileID: UUID(),
            callSid: try #require(CallSid("CA" + String(repeating: "0", count: 32))), from: nil,
            to: .address("sip:clara@acme.example"), direction: .inbound, rangAt: Date(timeIntervalSince1970: 0),
            currency: "USD", timeZone: "UTC", callerDoubt: "why")
        var json = String(decoding: try JSONEncoder().encode(opening), as: UTF8.self)
        #expect(try JSONDecoder().decode(CallOpening.self, from: Data(json.utf8)) == opening)

        json = json.replacing(#""callerDoubt":"why","#, with: "").replacing(#","callerDoubt":"why""#, with: "")
            .replacing(#"sip:clara@acme.example"#, with: "+14155550100")

        let old = try JSONDecoder().decode(CallOpening.self, from: Data(json.utf8))
        #expect(old.callerDoubt == nil && old.to.text == "+14155550100")
    }
}
