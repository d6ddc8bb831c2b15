import Testing

@testable import PublicHTTP

@Suite struct AddressRulesTests {
    @Test(arguments: [
        "127.0.0.1", "127.255.255.255", "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.0.1", "198.18.0.1",
        "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "::1", "[::]",
        "[::ffff:127.0.0.1]", "[::ffff:10.1.2.3]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]", "[2002:c0a8:1::1]", "[fe80::1]", "[fc00::1]", "[fdff::1]", "[fec0::1]", "[ff02::1]",
        "[2001::1]", "[2001:db8::1]", "[64:ff9b:1::1]", "[100::1]", "[3fff::1]", "[4000::1]", "localhost", "LOCALHOST",
        "localhost.", "db.localhost",
    ])
    func `an address that is not of the public internet is refused, however it is written`(_ host: String) {
        #expect(AddressRules(allowsPrivate: false).allows(host: host) == false)
        #expect(AddressRules(allowsPrivate: true).allows(host: host) == true)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "[2606:4700::1111]", "[2a00:1450:4001::1]",
        "[::ffff:8.8.8.8]", "[2002:808:808::]", "[64:ff9b::808:808]", "[2400:cb00::1]",
    ])
    func `an address of the public internet is taken, up to the edges of what is reserved`(_ host: String) {
        #expect(AddressRules(allowsPrivate: false).allows(host: host) == true)
    }

    @Test(arguments: ["example.com", "hooks.example.com.", "1.1.1.1.example", "[1.1.1.1", "", "localhost.example.com"])
    func `a name has no address before it is looked up`(_ host: String) {
        #expect(AddressRules(allowsPrivate: false).allows(host: host) == nil)
    }

    @Test func `what has no length of an address is none`() {
        let rules = AddressRules(allowsPrivate: false)
        for count in [0, 1, 3, 5, 15, 17, 64] { #expect(!rules.allows([UInt8](repeating: 8, count: count))) }
    }
}
