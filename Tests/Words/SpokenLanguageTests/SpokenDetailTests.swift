import SpokenLanguage
import Testing

@Suite struct SpokenDetailTests {
    @Test(arguments: [
        ("my name is john smith", "John Smith"), ("this is sarah from acme", "Sarah"),
        ("My name's Mary O'Neil.", "Mary O'Neil"),
        ("hi i'm david i run operations", "David"),
        ("Hello, I'm Zbigniew Kowalski, calling about prices", "Zbigniew Kowalski"),
        ("you're speaking with james brown", "James Brown"), ("my name is j o h n", "John"),
        ("sarah miller speaking", "Sarah Miller"),
        ("the name is bond", "Bond"), ("my name is john smith and i'm calling about", "John Smith"),
        ("This is Priya Raman from Blue Sky Logistics", "Priya Raman"), ("it's karen", "Karen"),
        ("my name is sean o'brien", "Sean O'Brien"),
    ])
    func `a name is heard`(_ said: String, _ name: String) {
        #expect(SpokenName.find(in: said)?.value == name)
    }

    @Test(arguments: [
        "", "i'm interested", "this is about the price", "I'm the head of operations", "this is ridiculous",
        "it's tuesday",
        "i am calling from acme", "i'm not sure", "this is not a good time", "what is your name", "i'm tired of this",
        "it's urgent",
        "we are looking", "my name", "this is great",
    ])
    func `no name is made up`(_ said: String) {
        #expect(SpokenName.find(in: said) == nil)
    }

    @Test func `a bare name answers the question`() {
        #expect(SpokenName.find(in: "john smith", asked: .name)?.value == "John Smith")
        #expect(SpokenName.find(in: "it's tom baker", asked: .name)?.value == "Tom Baker")
        #expect(SpokenName.find(in: "i'd rather not say", asked: .name) == nil)
        #expect(SpokenName.find(in: "why do you ask", asked: .name) == nil)
        #expect(SpokenName.find(in: "john smith") == nil)
    }

    @Test(arguments: [
        ("this is sarah from acme", "Acme"), ("i work for blue sky logistics", "Blue Sky Logistics"),
        ("we're called acme corp", "Acme Corp"),
        ("our company is called northwind", "Northwind"), ("I'm with Johnson & Sons", "Johnson & Sons"),
        ("calling from Acme Corp about pricing", "Acme Corp"),
        ("the company name is bright dental", "Bright Dental"), ("on behalf of river bank", "River Bank"),
        ("my name is john smith from acme", "Acme"),
        ("i run a company called green leaf", "Green Leaf"), ("i'm the owner of harbor foods", "Harbor Foods"),
        ("John here from Acme.", "Acme"),
    ])
    func `a company is heard`(_ said: String, _ company: String) {
        #expect(SpokenCompany.find(in: said)?.value == company)
    }

    @Test(arguments: [
        "", "i'm calling from home", "from monday", "we get calls from customers", "i'm at work",
        "i work with three people",
        "calling from my car", "i am from germany", "two weeks from now", "we want to move from email",
        "i'm the head of operations",
        "we are a small company", "at the moment",
    ])
    func `no company is made up`(_ said: String) {
        #expect(SpokenCompany.find(in: said) == nil)
    }

    @Test func `a bare company answers the question`() {
        #expect(SpokenCompany.find(in: "acme corp", asked: true)?.value == "Acme Corp")
        #expect(SpokenCompany.find(in: "it's northwind", asked: true)?.value == "Northwind")
        #expect(SpokenCompany.find(in: "i don't want to say", asked: true) == nil)
    }

    @Test(arguments: [
        ("i'm the head of operations", "Head of operations"), ("I am the owner.", "Owner"),
        ("i'm a sales manager at acme", "Sales manager"),
        ("i'm the ceo", "CEO"), ("i am vice president of sales", "Vice president of sales"),
        ("i'm just an assistant", "Assistant"),
        ("as the managing director", "Managing director"),
    ])
    func `a position is heard`(_ said: String, _ position: String) {
        #expect(SpokenPosition.find(in: said)?.value == position)
    }

    @Test(arguments: [
        "i need to ask my manager", "", "the head office", "our director decides", "i'm happy", "lead the way",
    ])
    func `another's position is not the caller's`(_ said: String) {
        #expect(SpokenPosition.find(in: said) == nil)
    }

    @Test(arguments: [
        ("john at acme dot com", "john@acme.com"), ("John@Acme.com", "john@acme.com"),
        ("it's john dot smith at acme dot co dot uk", "john.smith@acme.co.uk"),
        ("my email is j o h n at gmail dot com", "john@gmail.com"),
        ("mary underscore ann at blue sky dot io", "mary_ann@bluesky.io"),
        ("you can reach me at sarah at acme dot com", "sarah@acme.com"),
        ("write to a.b+c@d-e.org, please", "a.b+c@d-e.org"),
        ("john at acme.com", "john@acme.com"), ("john two five at acme dot com", "john25@acme.com"),
        ("info at acme dash tools dot com thanks", "info@acme-tools.com"),
    ])
    func `an e-mail address is heard`(_ said: String, _ address: String) {
        #expect(SpokenEmail.find(in: said)?.address == address)
    }

    @Test(arguments: [
        "", "look at acme dot com", "at three", "john at acme", "@acme.com", "john@", "john@acme", "meet me at the dot",
        "a@b@c.com",
        "we are at acme dot com", "connect the dot dot dot",
    ])
    func `no address is made up`(_ said: String) {
        #expect(SpokenEmail.find(in: said) == nil)
    }
}
