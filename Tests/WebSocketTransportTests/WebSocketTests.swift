import CallModel
import Foundation
import Testing

@testable import WebSocketTransport

@Suite(.serialized) struct WebSocketTests {
    @Test func `text and binary messages come back whole`() async throws {
        let bench = try Bench.start()
        let client = try await bench.client()

        await bench.loop.run {
            client.socket?.sendText("hello")
            _ = client.socket?.sendBinary([UInt8](repeating: 7, count: 160).span)
        }

        #expect(try await client.next() == .text("hello"))
        #expect(try await client.next() == .binary(160))
        await bench.stop()
    }

    @Test func `a message of one megabyte arrives whole`() async throws {
        let bench = try Bench.start()
        let client = try await bench.client()

        await bench.loop.run { _ = client.socket?.sendBinary([UInt8](repeating: 7, count: 1 << 20).span) }

        #expect(try await client.next() == .binary(1 << 20))
        await bench.stop()
    }
}
