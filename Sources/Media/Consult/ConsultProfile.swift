import FoundationEssentials

/// How consults go on the calls of one profile: the column `profiles.consult`, over what is usual on the gateway.
///
/// An object with any of `isOn`, `signStyle`, `limits` and `wording`, the last two with any of their own keys. Limits outside
/// what is sensible are brought to its edge; a key that nobody knows is refused, because it is a limit somebody believes
/// to have set.
package struct ConsultProfile: Hashable, Sendable {
    package static let jsonBytesMax = 32_768

    package var isOn = true
    package var limits: ConsultLimits
    package var wording: ConsultWording
    package var signStyle: ConsultGate.SignStyle

    package init(limits: ConsultLimits, wording: ConsultWording, signStyle: ConsultGate.SignStyle) {
        self.limits = limits
        self.wording = wording
        self.signStyle = signStyle
    }

    /// - Parameter json: the object, in UTF-8 of at most ``jsonBytesMax`` bytes.
    /// - Returns: these settings with what `json` sets instead.
    package func applying(_ json: String) throws(ConsultProfileError) -> ConsultProfile {
        guard json.utf8.count <= ConsultProfile.jsonBytesMax else { throw .invalid("it is over 32 KiB") }
        let profile: ConsultProfile
        do {
            profile = try JSONDecoder().decode(ConsultProfile.self, from: Data(json.utf8), configuration: self)
        } catch let error as ConsultProfileError {
            throw error
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .invalid("`\(path)` is of the wrong kind")
        } catch {
            throw .invalid("it is not a JSON object of the known shape")
        }
        if let fault = profile.wording.fault { throw .invalid("`wording`: \(fault)") }
        return profile
    }
}

extension ConsultProfile: DecodableWithConfiguration {
    private enum CodingKeys: String, CodingKey, CaseIterable { case isOn, signStyle, limits, wording }

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package init(from decoder: any Decoder, configuration usual: ConsultProfile) throws {
        self = usual
        let given = try decoder.container(keyedBy: CodingKeys.self)
        let all = try decoder.container(keyedBy: AnyKey.self)
        try ConsultProfile.refuseUnknown(all.allKeys, CodingKeys.allCases.map(\.rawValue), in: nil)
        for (key, known) in [
            (CodingKeys.limits, ConsultLimits.CodingKeys.allCases.map(\.rawValue)),
            (CodingKeys.wording, ConsultWording.CodingKeys.allCases.map(\.rawValue)),
        ] where given.contains(key) {
            let inner = try given.nestedContainer(keyedBy: AnyKey.self, forKey: key)
            try ConsultProfile.refuseUnknown(inner.allKeys, known, in: key.rawValue)
        }
        isOn = try given.decodeIfPresent(Bool.self, forKey: .isOn) ?? usual.isOn
        if let name = try given.decodeIfPresent(String.self, forKey: .signStyle) {
            guard let style = ConsultGate.SignStyle(rawValue: name) else {
                let known = ConsultGate.SignStyle.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConsultProfileError.invalid("`signStyle` is none of \(known)")
            }
            signStyle = style
        }
        limits =
            try given.decodeIfPresent(ConsultLimits.self, forKey: .limits, configuration: usual.limits) ?? usual.limits
        wording =
            try given.decodeIfPresent(ConsultWording.self, forKey: .wording, configuration: usual.wording)
            ?? usual.wording
    }

    private static func refuseUnknown(_ keys: [AnyKey], _ known: [String], in parent: String?) throws {
        guard let stranger = keys.map(\.stringValue).sorted().first(where: { !known.contains($0) }) else { return }
        let name = (parent.map { $0 + "." } ?? "") + stranger.prefix(40)
        throw ConsultProfileError.invalid("`\(name)` is unknown; known are \(known.joined(separator: ", "))")
    }
}

package enum ConsultProfileError: Error, Equatable, CustomStringConvertible {
    case invalid(String)

    package var description: String {
        switch self {
        case .invalid(let reason): "the profile's `consult` cannot be used: \(reason); see docs/consults.md"
        }
    }
}
