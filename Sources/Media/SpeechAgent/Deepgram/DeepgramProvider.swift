package import Encoding

/// A `provider` object of `listen`, `think` or `speak`: its type and its other fields, all of which the server knows.
package struct DeepgramProvider: Equatable, Sendable {
    package enum Role: String, Sendable { case listen, think, speak }

    /// The whole object, `type` included.
    package var fields: WireObject

    package init(_ fields: WireObject) { self.fields = fields }

    package var type: String { fields["type"]?.string ?? "" }
    package var model: String { (fields["model"] ?? fields["model_id"])?.string ?? "" }
    package var isFlux: Bool { model.hasPrefix("flux") }

    /// Recognition: Flux models are `v2` and take no language, others are `v1`.
    package static func listen(model: String, language: String, keyterms: [String] = []) -> DeepgramProvider {
        let flux = model.hasPrefix("flux")
        var fields: WireObject = ["type": "deepgram", "version": flux ? "v2" : "v1", "model": .string(model)]
        if flux, model.hasSuffix("multi"), !language.isEmpty {
            fields["language_hints"] = .array([.string(language)])
        } else if !flux, !language.isEmpty {
            fields["language"] = .string(language)
        }
        if !keyterms.isEmpty { fields["keyterms"] = .array(keyterms.map { .string($0) }) }
        return DeepgramProvider(fields)
    }

    /// The language model; `provider` nil derives it from the model's id.
    package static func think(model: String, provider: String? = nil, temperature: Double? = nil) -> DeepgramProvider {
        var fields: WireObject = ["type": .string(provider ?? thinkProvider(of: model)), "model": .string(model)]
        if let temperature { fields["temperature"] = .number(temperature) }
        return DeepgramProvider(fields)
    }

    /// A Deepgram voice; `flux-…` voices are `v2`.
    package static func speak(voice: String) -> DeepgramProvider {
        var fields: WireObject = ["type": "deepgram", "model": .string(voice)]
        if voice.hasPrefix("flux-") { fields["version"] = "v2" }
        return DeepgramProvider(fields)
    }

    static func thinkProvider(of model: String) -> String {
        let known = [
            ("claude", "anthropic"), ("gemini", "google"), ("openai/gpt-oss", "groq"), ("nemotron", "nvidia"),
            ("think-fast", "deepgram"), ("phonellm", "deepgram"),
        ]
        return known.first { model.hasPrefix($0.0) }?.1 ?? "open_ai"
    }
}

extension DeepgramProvider {
    private enum Kind: String {
        case text, number, integer, flag, object
        case texts = "list of texts"
        case textOrTexts = "text or a list of texts"
    }

    /// The fields each provider takes, besides `type`; the server refuses any other.
    private static func table(_ role: Role, type: String, version: String?) -> [String: Kind]? {
        switch (role, type) {
        case (.listen, "deepgram") where version == "v2":
            [
                "version": .text, "model": .text, "keyterms": .texts, "language_hints": .texts,
                "language_hint": .textOrTexts, "eot_threshold": .number, "eager_eot_threshold": .number,
                "eot_timeout_ms": .integer,
            ]
        case (.listen, "deepgram"):
            ["version": .text, "model": .text, "language": .text, "smart_format": .flag, "keyterms": .texts]
        case (.think, "open_ai"), (.think, "groq"):
            ["model": .text, "temperature": .number, "reasoning_mode": .text, "version": .text]
        case (.think, "anthropic"), (.think, "google"), (.think, "nvidia"):
            ["model": .text, "temperature": .number, "version": .text]
        case (.think, "aws_bedrock"): ["model": .text, "temperature": .number, "credentials": .object]
        case (.think, "deepgram"):
            [
                "model": .text, "temperature": .number, "reasoning_mode": .text, "voice_prompt_opt_out": .flag,
                "version": .text,
            ]
        case (.speak, "deepgram"): ["model": .text, "version": .text, "speed": .number, "expressivity": .integer]
        case (.speak, "eleven_labs"): ["model_id": .text, "language": .text, "language_code": .text, "version": .text]
        case (.speak, "cartesia"):
            ["model_id": .text, "voice": .object, "language": .text, "volume": .number, "version": .text]
        case (.speak, "open_ai"): ["model": .text, "voice": .text, "version": .text]
        case (.speak, "aws_polly"):
            [
                "voice": .text, "language": .text, "language_code": .text, "engine": .text, "credentials": .object,
            ]
        default: nil
        }
    }

    /// Takes a provider as the live server does: unknown type, unknown key or wrong kind is refused.
    init(decoding object: WireObject, role: Role, path: String) throws(AgentDecodeError) {
        guard let type = object["type"]?.string else { throw .missingField(path: "\(path).type") }
        let version = object["version"]?.string
        guard let table = Self.table(role, type: type, version: version) else { throw .badValue(path: "\(path).type") }
        if role == .listen, let version, version != "v1", version != "v2" { throw .badValue(path: "\(path).version") }
        if role == .listen, version == "v2", object["model"] == nil { throw .missingField(path: "\(path).model") }
        for (key, value) in object.fields where key != "type" {
            let name = "\(path).\(key.prefix(80))"
            guard let kind = table[key] else { throw .unknownKey(path: name) }
            let fits =
                switch kind {
                case .text: value.string != nil
                case .number: value.number != nil
                case .integer: value.integer != nil
                case .flag: value.bool != nil
                case .texts: value.array?.allSatisfy { $0.string != nil } ?? false
                case .textOrTexts: value.string != nil || value.array?.allSatisfy { $0.string != nil } == true
                case .object: value.object != nil
                }
            guard fits else { throw .wrongKind(path: name, expected: "a \(kind.rawValue)") }
        }
        fields = object
    }
}
