import Testing

@testable import Passwords

@Suite struct PasswordTests {
    @Test func `a hash is of its password and of no other`() throws {
        let hash = try #require(PasswordHash.make(Array("a heron waits at noon".utf8)))

        #expect(hash.hasPrefix("$argon2id$v=19$m=65536,t=2,p=1$"))
        #expect(PasswordHash.holds(hash, Array("a heron waits at noon".utf8)))
        for other in ["", "a heron waits at noo", "a heron waits at noon ", "A heron waits at noon"] {
            #expect(!PasswordHash.holds(hash, Array(other.utf8)), "\(other)")
        }
        #expect(PasswordHash.make(Array("a heron waits at noon".utf8)) != hash, "each has its salt")
    }

    @Test func `a hash as the argon2 program makes it is read, and is dated`() {
        // echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32 -e
        let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"

        #expect(PasswordHash.holds(hash, Array("password".utf8)))
        #expect(!PasswordHash.isDated(hash))
        #expect(PasswordHash.isDated(hash.replacing("t=2", with: "t=1")))
    }

    @Test func `what is no hash holds no password`() {
        for odd in [
            "", "$", "$argon2id$", "a heron waits at noon", "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$x",
            String(repeating: "$", count: 10_000),
        ] {
            #expect(!PasswordHash.holds(odd, Array("a heron waits at noon".utf8)), "\(odd.prefix(40))")
            #expect(PasswordHash.isDated(odd))
        }
    }

    @Test func `where nobody has a password, whatever is given is wrong`() async throws {
        let desk = PasswordDesk.shared
        let hash = try await desk.hash("a heron waits at noon")

        #expect(try await desk.check("a heron waits at noon", against: hash) == .right)
        #expect(try await desk.check("a heron", against: hash) == .wrong)
        #expect(try await desk.check("a heron waits at noon", against: nil) == .wrong)
        #expect(try await desk.check("", against: nil) == .wrong)
    }

    @Test func `where nobody has a password, it takes as long to say so`() async throws {
        let desk = PasswordDesk.shared
        let hash = try await desk.hash("a heron waits at noon")
        func fastest(against hash: String?) async throws -> Duration {
            var fastest = Duration.seconds(3_600)
            for _ in 0..<5 {
                let start = ContinuousClock.now
                _ = try await desk.check("an owl looks for mice", against: hash)
                fastest = min(fastest, start.duration(to: .now))
            }
            return fastest
        }

        let (somebodys, nobodys) = (try await fastest(against: hash), try await fastest(against: nil))

        #expect(nobodys > somebodys / 3 && somebodys > nobodys / 3, "\(somebodys) and \(nobodys)")
    }

    @Test func `so many wait and no more`() async throws {
        let desk = PasswordDesk(waitingMax: 2)

        let results = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<12 {
                group.addTask { (try? await desk.check("x", against: nil)) != nil }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }

        #expect(results.contains(true) && results.contains(false))
        #expect(try await desk.check("x", against: nil) == .wrong, "and then there is room again")
        await #expect(throws: PasswordDesk.Refusal.full) { try await PasswordDesk(waitingMax: 0).hash("x") }
    }
}
