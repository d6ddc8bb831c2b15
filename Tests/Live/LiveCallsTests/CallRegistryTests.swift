import CallModel
import Foundation
import Runtime
import Testing
import TwilioProtocol

@testable import LiveCalls

@Suite struct CallRegistryTests {
    @Test func `a place is kept for a call once, and no more places than there are`() throws {
        let registry = CallRegistry(callsMax: 2)

        #expect(registry.admit(try CallCards.sid(1)) == .admitted)
        #expect(registry.admit(try CallCards.sid(1)) == .alreadyOn)
        #expect(registry.admit(try CallCards.sid(2)) == .admitted)
        #expect(registry.admit(try CallCards.sid(3)) == .full)
        registry.dismiss(try CallCards.sid(1))
        #expect(registry.admit(try CallCards.sid(3)) == .admitted)
        #expect(registry.count == 2)
    }

    @Test func `calls that we place leave those that come in their places, and have one before they are asked for`()
        throws
    {
        let registry = CallRegistry(callsMax: 5, dialledMax: 3)
        let attempts = (0..<4).map { _ in UUID() }
        #expect(registry.dialledFree == 3)
        for attempt in attempts[..<3] { #expect(registry.hold(attempt) && registry.hold(attempt)) }
        #expect(!registry.hold(attempts[3]) && registry.dialledFree == 0)

        #expect(registry.admit(try CallCards.sid(1)) == .admitted)
        #expect(registry.admit(try CallCards.sid(2)) == .admitted)
        #expect(registry.admit(try CallCards.sid(3)) == .full, "three places are promised")
        #expect(registry.admit(try CallCards.sid(4), attempt: attempts[0]) == .admitted)
        #expect(registry.admit(try CallCards.sid(4), attempt: attempts[0]) == .alreadyOn)
        registry.letGo(attempts[0])
        #expect(!registry.hold(attempts[3]), "its place is the call's now")
        registry.letGo(attempts[1])
        #expect(registry.dialledFree == 1 && registry.hold(attempts[3]))
        registry.dismiss(try CallCards.sid(4))
        #expect(registry.dialledFree == 1 && registry.count == 2)
        registry.drain()
        #expect(registry.dialledFree == 0 && !registry.hold(UUID()))
    }

    @Test func `calls that come in take what calls that we place have left, and all of it`() throws {
        let registry = CallRegistry(callsMax: 3, dialledMax: 2)
        for index in 1...2 { #expect(registry.admit(try CallCards.sid(index)) == .admitted) }

        #expect(registry.dialledFree == 1)
        #expect(registry.admit(try CallCards.sid(3)) == .admitted)
        #expect(registry.dialledFree == 0 && !registry.hold(UUID()))
        #expect(registry.admit(try CallCards.sid(4), attempt: UUID()) == .full, "placed elsewhere, and brought here")
    }

    @Test func `a call that we placed before the gateway was lost counts as one of ours again`() throws {
        let (registry, cards) = (CallRegistry(callsMax: 2, dialledMax: 1), try CallCards())
        let card = try cards.make(1, direction: .outbound)
        #expect(registry.admit(card.opening.callSid, isUnderWay: true) == .admitted)
        #expect(registry.register(card) == nil)

        #expect(registry.dialledFree == 0)
        registry.ended(card.opening.callSid)
        #expect(registry.dialledFree == 1)
    }

    @Test func `a gateway that drains takes no new call and keeps those it has`() throws {
        let registry = CallRegistry(callsMax: 5)
        #expect(registry.admit(try CallCards.sid(1)) == .admitted)

        registry.drain()

        #expect(registry.isDraining)
        #expect(registry.admit(try CallCards.sid(1)) == .alreadyOn)
        #expect(registry.admit(try CallCards.sid(2)) == .draining)
        #expect(registry.count == 1)
    }

    @Test func `nobody is on the line of a call that rang a while ago and has had no stream`() throws {
        let registry = CallRegistry(callsMax: 5)
        let rang = MonotonicTime(milliseconds: 10_000)
        for index in 1...4 { _ = registry.admit(try CallCards.sid(index), at: rang) }
        registry.streams(try CallCards.sid(1))
        registry.dismiss(try CallCards.sid(3))
        registry.ended(try CallCards.sid(4))

        #expect(registry.onTheLine(at: rang.adding(milliseconds: 1_999)) == 2, "one may be about to have its stream")
        #expect(registry.onTheLine(at: rang.adding(milliseconds: 2_000)) == 1)
        #expect(registry.count == 2)
    }

    @Test func `a call that ended gives its place back and does not come again`() throws {
        let (registry, cards) = (CallRegistry(callsMax: 1), try CallCards())
        let card = try cards.make(1)
        #expect(registry.admit(card.opening.callSid) == .admitted)
        #expect(registry.register(card) == nil)
        #expect(registry.card(card.opening.callSid)?.opening == card.opening)

        registry.ended(card.opening.callSid)

        #expect(registry.card(card.opening.callSid) == nil)
        #expect(registry.cards.isEmpty && registry.count == 0)
        #expect(registry.admit(card.opening.callSid) == .ended)
        #expect(registry.admit(try CallCards.sid(2)) == .admitted)
    }

    @Test func `a call that is over before it was opened learns so when it registers, once`() throws {
        let (registry, cards) = (CallRegistry(callsMax: 5), try CallCards())
        let card = try cards.make(1)
        #expect(registry.admit(card.opening.callSid) == .admitted)

        #expect(registry.over(card.opening.callSid, status: "canceled") == nil)

        #expect(registry.register(card) == "canceled")
        #expect(registry.register(card) == nil)
        #expect(registry.over(card.opening.callSid, status: "completed")?.opening == card.opening)
    }

    @Test func `an ending that comes before the ring closes the door`() throws {
        let registry = CallRegistry(callsMax: 5)

        #expect(registry.over(try CallCards.sid(1), status: "canceled") == nil)

        #expect(registry.admit(try CallCards.sid(1)) == .ended)
        #expect(registry.count == 0)
    }

    @Test func `a dismissed call leaves no early ending behind`() throws {
        let (registry, cards) = (CallRegistry(callsMax: 5), try CallCards())
        let card = try cards.make(1)
        _ = registry.admit(card.opening.callSid)
        _ = registry.over(card.opening.callSid, status: "canceled")

        registry.dismiss(card.opening.callSid)

        #expect(registry.admit(card.opening.callSid) == .admitted)
        #expect(registry.register(card) == nil)
    }

    @Test func `who waits for an ending is let go by it, and by none when there is no call`() async throws {
        let (registry, cards) = (CallRegistry(callsMax: 5), try CallCards())
        let card = try cards.make(1)
        #expect(await registry.waitUntilEnded(card.opening.callSid))
        _ = registry.admit(card.opening.callSid)
        _ = registry.register(card)
        let waiting = Task { await registry.waitUntilEnded(card.opening.callSid) }

        registry.ended(card.opening.callSid)

        #expect(await waiting.value)
    }

    @Test func `an ending that the disk refuses is told to nobody as safe until it is`() async throws {
        let (registry, cards) = (CallRegistry(callsMax: 5), try CallCards())
        let card = try cards.make(1)
        _ = registry.admit(card.opening.callSid)
        _ = registry.register(card)
        let waiting = Task { await registry.waitUntilEnded(card.opening.callSid) }

        registry.notOnDisk(card.opening.callSid)

        #expect(await waiting.value == false)
        #expect(await registry.waitUntilEnded(card.opening.callSid) == false)
        #expect(registry.count == 1, "it keeps its place")
        registry.ended(card.opening.callSid)
        #expect(await registry.waitUntilEnded(card.opening.callSid))
    }

    @Test func `a gateway whose journal takes nothing takes no new call, and keeps one that was on`() throws {
        let registry = CallRegistry(callsMax: 5, isJournalWell: { false })

        #expect(registry.admit(try CallCards.sid(1)) == .noJournal)
        #expect(registry.count == 0)
        #expect(registry.admit(try CallCards.sid(2), isUnderWay: true) == .admitted)
    }

    @Test func `a token opens one stream`() throws {
        let registry = CallRegistry(callsMax: 5)
        let mint = StreamTokenMint(secret: [1, 2, 3])
        let token = mint.mint(for: try CallCards.sid(1), expiresAt: 1_000)
        let other = mint.mint(for: try CallCards.sid(1), expiresAt: 1_000)

        try registry.spend(token, now: 900)

        #expect(throws: StreamTokenError.self) { try registry.spend(token, now: 901) }
        try registry.spend(other, now: 901)
    }
}
