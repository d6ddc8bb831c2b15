package import CallModel
package import FoundationEssentials

extension StreamSid {
    package static var sample: StreamSid {
        guard let sid = StreamSid("MZ" + String(repeating: "a", count: 32)) else { fatalError("sample stream sid") }
        return sid
    }
}

extension E164 {
    package static func sample(_ text: String) -> E164 {
        guard let number = E164(text) else { fatalError("not a number: \(text)") }
        return number
    }
}

extension DialledAddress {
    package static func sample(_ text: String) -> DialledAddress { .number(E164.sample(text)) }
}

extension CallOpening {
    /// An inbound call of the initial tenant; every one with ids of its own.
    package static func sample(
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
