import CallModel
import FoundationEssentials

@testable import CRM

#if canImport(Glibc)
    import Glibc
#endif

/// A directory of its own for one test, removed with it.
final class JournalDirectory: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appending(path: "parley-journal-\(UUID().uuidString)").path
        mkdir(path, 0o700)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func store() throws -> JournalStore { try JournalStore(directory: path) }

    func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

    func mode(_ name: String) -> UInt32 {
        var status = stat()
        guard lstat(path + name, &status) == 0 else { return 0 }
        return status.st_mode & 0o777
    }
}

extension StreamSid {
    static var sample: StreamSid {
        guard let sid = StreamSid("MZ" + String(repeating: "a", count: 32)) else { fatalError("sample stream sid") }
        return sid
    }
}

extension E164 {
    static func sample(_ text: String) -> E164 {
        guard let number = E164(text) else { fatalError("not a number: \(text)") }
        return number
    }
}

extension DialledAddress {
    static func sample(_ text: String) -> DialledAddress { .number(E164.sample(text)) }
}

extension CallOpening {
    /// An inbound call of the initial tenant; every one with ids of its own.
    static func sample(
        from: String? = "+14155552671", tenant: TenantID = .initial, profileID: UUID = UUID(),
        rangAt: Date = Date(timeIntervalSince1970: 1_790_000_000)
    ) -> CallOpening {
        let hex = UUID().uuidString.filter { $0 != "-" }.lowercased()
        guard let callSid = CallSid("CA" + hex) else { fatalError("sample call sid") }
        return CallOpening(
            callID: CallID(), tenant: tenant, profileID: profileID, callSid: callSid, from: from.map(E164.sample),
            to: E164.sample("+14155550100"), direction: .inbound, rangAt: rangAt, currency: "USD",
            timeZone: "America/New_York")
    }
}
