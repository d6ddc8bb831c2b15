import Testing

@testable import WebSocketTransport

@Suite struct TargetTests {
    private func target(_ text: String, method: String = "GET") -> RequestTarget? {
        try? RequestTarget(Array(text.utf8)[...], method: method)
    }

    @Test(arguments: [
        ("/", "/", "", "/"), ("/a/b", "/a/b", "", "/a/b"), ("/a?", "/a", "", "/a?"),
        ("/?a=b+c", "/", "a=b+c", "/?a=b+c"),
        ("/a%20b?c%20d", "/a b", "c%20d", "/a%20b?c%20d"), ("/a%2fb", "/a/b", "", "/a%2fb"), ("/%41", "/A", "", "/%41"),
        ("/?a[]=1&b={c|d}", "/", "a[]=1&b={c|d}", "/?a[]=1&b={c|d}"), ("/?a?b?c", "/", "a?b?c", "/?a?b?c"),
        ("//a//b", "//a//b", "", "//a//b"), ("/../..", "/../..", "", "/../.."), ("/%C3%A9", "/é", "", "/%C3%A9"),
        ("/metrics%0d", "/metrics\r", "", "/metrics%0d"), ("http://a", "/", "", "/"), ("HTTP://A/b", "/b", "", "/b"),
        ("https://a:443/b?c", "/b", "c", "/b?c"), ("http://a?b", "/", "b", "/?b"), ("http://[::1]:80/", "/", "", "/"),
        ("/?next=https://x/y?z=%2F", "/", "next=https://x/y?z=%2F", "/?next=https://x/y?z=%2F"),
    ])
    func `a target has path, query and its own bytes`(text: String, path: String, query: String, raw: String) {
        let target = target(text)

        #expect(target?.path == path)
        #expect(target?.query == query)
        #expect(target?.raw == raw)
    }

    @Test(arguments: [
        "", "a", "a/b", "?a", "*", "**", "/%", "/%1", "/%zz", "/%00", "/a%00b", "/?%", "/?%0", "/?%00", "/?a%00",
        "/%ff",
        "/%C3", "/a b", "/a#b", "/?a#b", "/\"", "/<", "/\\", "/^", "/`", "/{", "/|", "/é", "/?é", "/\u{7F}", "/\u{1}",
        "http:", "http:/", "http://", "http:///a", "http://@a/", "http://u@a/", "http://u:p@a/", "http://a:b/",
        "http://a:65536/", "http://a:123456/", "http://[::1/", "http://[]/", "http://a b/", "ftp://a/", "ws://a/",
        "httpx://a/", "//", "http//a",
    ])
    func `what is no target is refused`(text: String) {
        // Two slashes are a path of their own, without a host.
        #expect((target(text) == nil) == (text != "//"))
    }

    @Test func `the asterisk is for OPTIONS only`() {
        #expect(target("*", method: "OPTIONS")?.path == "*")
        for method in RequestHead.known where method != "OPTIONS" { #expect(target("*", method: method) == nil) }
    }

    @Test func `a target of 8,192 bytes is read, and a byte more is 414`() {
        let longest = "/" + String(repeating: "a", count: 8_191)

        #expect(target(longest)?.path == longest)
        #expect(throws: RequestTarget.Refusal.tooLong) {
            try RequestTarget(Array((longest + "a").utf8)[...], method: "GET")
        }
        #expect(HeadReading("GET \(longest)a HTTP/1.1\r\nHost: x\r\n\r\n").status == 414)
    }

    @Test(arguments: [
        "a", "a.example", "a:1", "a:", "A-b_c~d", "127.0.0.1:65535", "[::1]", "[::ffff:1.2.3.4]:80", "a%20b", "xn--a",
    ])
    func `a host is a name or an address, with a port or without`(text: String) {
        #expect(HostField.isValid(Array(text.utf8)[...]))
    }

    @Test(arguments: [
        "", ":", ":80", "a:b", "a:65536", "a:-1", "a:000080", "a:1:2", "a b", "a/b", "a@b", "a?b", "a#b", "a\\b", "[",
        "]", "[]",
        "[::1", "::1", "[::1]x", "[::1]:", "[g]", "[::1]:x", "a%", "a%2", "a%zz", "é", "a\t", "a\u{1}", "http://a",
    ])
    func `what is no host is refused`(text: String) {
        // An empty port is one by RFC 3986, 3.2.3.
        #expect(HostField.isValid(Array(text.utf8)[...]) == (text == "[::1]:"))
    }

    @Test func `a host of 260 bytes is read, and a byte more is not`() {
        #expect(HostField.isValid([UInt8](repeating: 0x61, count: 260)[...]))
        #expect(!HostField.isValid([UInt8](repeating: 0x61, count: 261)[...]))
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"), (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"),
        (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
    ])
    func `a date is written as RFC 9110 has it`(seconds: Int, text: String) {
        #expect(HTTPDate.format(seconds) == text)
    }
}
