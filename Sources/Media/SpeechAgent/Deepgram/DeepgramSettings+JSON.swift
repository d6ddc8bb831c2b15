import Encoding

extension DeepgramSettings {
    var json: WireObject {
        var json: WireObject = ["type": "Settings"]
        if !tags.isEmpty { json["tags"] = .array(tags.map { .string($0) }) }
        json["experimental"] = experimental.map { .bool($0) }
        json["mip_opt_out"] = mipOptOut.map { .bool($0) }
        json["flags"] = history.map { .object(["history": .bool($0)]) }
        var audio = WireObject()
        audio["input"] = input.map { .object($0.json) }
        audio["output"] = output.map { output in
            var json = output.json
            json["bitrate"] = outputBitrate.map { .integer($0) }
            json["container"] = outputContainer.map { .string($0) }
            return .object(json)
        }
        json["audio"] = .object(audio)
        switch agent {
        case .stored(let id): json["agent"] = .string(id)
        case .inline(let agent): json["agent"] = .object(agent.json)
        }
        return json
    }

    init(_ reader: inout FieldReader) throws(AgentDecodeError) {
        switch try reader.required("agent", reader.value("agent")) {
        case .string(let id): agent = .stored(id)
        case .object(let object): agent = .inline(try DeepgramAgent(object))
        default: throw .wrongKind(path: "agent", expected: "an object or a string")
        }
        tags = try reader.strings("tags") ?? []
        experimental = try reader.bool("experimental")
        mipOptOut = try reader.bool("mip_opt_out")
        if let flags = try reader.object("flags") {
            var flags = FieldReader(flags, path: "flags", lenient: false)
            history = try flags.bool("history")
            try flags.finish()
        }
        var audio = FieldReader(try reader.required("audio", reader.object("audio")), path: "audio", lenient: false)
        if let object = try audio.object("input") {
            var fields = FieldReader(object, path: "audio.input", lenient: false)
            input = try Audio(&fields)
            _ = try fields.required("sample_rate", input?.sampleRate)
            try fields.finish()
        }
        if let object = try audio.object("output") {
            var fields = FieldReader(object, path: "audio.output", lenient: false)
            output = try Audio(&fields)
            outputBitrate = try fields.integer("bitrate")
            outputContainer = try fields.string("container")
            try fields.finish()
        }
        try audio.finish()
    }
}

extension DeepgramSettings.Audio {
    var json: WireObject {
        var json: WireObject = ["encoding": .string(encoding)]
        json["sample_rate"] = sampleRate.map { .integer($0) }
        return json
    }

    private static let encodings: Set<String> = [
        "linear16", "linear32", "flac", "alaw", "mulaw", "amr-nb", "amr-wb", "opus", "ogg-opus", "speex", "g729",
        "mp3", "aac",
    ]

    init(_ reader: inout FieldReader) throws(AgentDecodeError) {
        encoding = try reader.requiredString("encoding")
        guard Self.encodings.contains(encoding) else { throw .badValue(path: reader.name("encoding")) }
        sampleRate = try reader.integer("sample_rate")
    }
}

extension DeepgramAgent {
    var json: WireObject {
        var json = WireObject()
        json["language"] = language.map { .string($0) }
        if !context.isEmpty {
            json["context"] = .object(["messages": .array(context.map { .object($0.json) })])
        }
        json["listen"] = listen.map { .object(["provider": .object($0.fields)]) }
        json["think"] = oneOrMany(think.map(\.json))
        json["speak"] = oneOrMany(speak.map(\.json))
        json["think_live"] = thinkLive.map { .object($0) }
        json["greeting"] = greeting.map { .string($0) }
        return json
    }

    init(_ object: WireObject) throws(AgentDecodeError) {
        var reader = FieldReader(object, path: "agent", lenient: false)
        language = try reader.string("language")
        if let object = try reader.object("context") {
            var fields = FieldReader(object, path: "agent.context", lenient: false)
            for message in try fields.array("messages") ?? [] {
                context += try AgentHistoryItem.items(message, path: "agent.context.messages", lenient: false)
            }
            try fields.finish()
        }
        listen = try reader.object("listen").map { object throws(AgentDecodeError) in
            try DeepgramProvider.listen(in: object, path: "agent.listen")
        }
        think = try objects(reader.value("think"), path: "agent.think").map { object throws(AgentDecodeError) in
            try DeepgramThink(object, path: "agent.think")
        }
        speak = try objects(reader.value("speak"), path: "agent.speak").map { object throws(AgentDecodeError) in
            try DeepgramSpeak(object, path: "agent.speak")
        }
        thinkLive = try reader.object("think_live")
        greeting = try reader.string("greeting")
        try reader.finish()
    }
}

/// One entry is written as an object, several as an ordered chain.
func oneOrMany(_ entries: [WireObject]) -> WireJSON? {
    entries.count <= 1 ? entries.first.map { .object($0) } : .array(entries.map { .object($0) })
}

func objects(_ value: WireJSON?, path: String) throws(AgentDecodeError) -> [WireObject] {
    guard let value else { return [] }
    if let object = value.object { return [object] }
    guard let values = value.array else { throw .wrongKind(path: path, expected: "an object or an array") }
    let objects = values.compactMap(\.object)
    guard objects.count == values.count else { throw .wrongKind(path: path, expected: "an array of objects") }
    return objects
}

extension DeepgramProvider {
    static func listen(in object: WireObject, path: String) throws(AgentDecodeError) -> DeepgramProvider {
        var reader = FieldReader(object, path: path, lenient: false)
        let provider = try reader.required("provider", reader.object("provider"))
        try reader.finish()
        return try DeepgramProvider(decoding: provider, role: .listen, path: "\(path).provider")
    }
}

extension DeepgramEndpoint {
    var json: WireObject {
        var json: WireObject = ["url": .string(url)]
        json["method"] = method.map { .string($0) }
        if !headers.isEmpty {
            var fields = WireObject()
            for (name, value) in headers.sorted(by: { $0.key < $1.key }) { fields[name] = .string(value) }
            json["headers"] = .object(fields)
        }
        return json
    }

    /// - Parameter method: whether the endpoint of a function is meant, which names its HTTP method.
    init(_ object: WireObject, path: String, method: Bool) throws(AgentDecodeError) {
        var reader = FieldReader(object, path: path, lenient: false)
        url = try reader.requiredString("url")
        self.method = method ? try reader.string("method") : nil
        headers = [:]
        for (name, value) in try reader.object("headers")?.fields ?? [] {
            guard let text = value.string else { throw .wrongKind(path: "\(path).headers", expected: "texts by name") }
            headers[name] = text
        }
        try reader.finish()
    }
}

extension DeepgramThink {
    var json: WireObject {
        var json: WireObject = ["provider": .object(provider.fields)]
        json["endpoint"] = endpoint.map { .object($0.json) }
        json["prompt"] = prompt.map { .string($0) }
        json["functions"] = functions.map { .array($0.map { .object($0.json) }) }
        json["context_length"] = contextLength
        return json
    }

    init(_ object: WireObject, path: String) throws(AgentDecodeError) {
        var reader = FieldReader(object, path: path, lenient: false)
        let fields = try reader.required("provider", reader.object("provider"))
        provider = try DeepgramProvider(decoding: fields, role: .think, path: "\(path).provider")
        endpoint = try reader.object("endpoint").map { object throws(AgentDecodeError) in
            try DeepgramEndpoint(object, path: "\(path).endpoint", method: false)
        }
        prompt = try reader.string("prompt")
        if let list = reader.value("functions") {
            guard list.array != nil else { throw .wrongKind(path: "\(path).functions", expected: "an array") }
            functions = try objects(list, path: "\(path).functions").map { object throws(AgentDecodeError) in
                try DeepgramFunction(object, path: "\(path).functions")
            }
        }
        contextLength = reader.value("context_length")
        if let contextLength, contextLength.number == nil, contextLength != "max" {
            throw .wrongKind(path: "\(path).context_length", expected: "a number or \"max\"")
        }
        try reader.finish()
    }
}

extension DeepgramSpeak {
    var json: WireObject {
        var json: WireObject = ["provider": .object(provider.fields)]
        json["endpoint"] = endpoint.map { .object($0.json) }
        return json
    }

    init(_ object: WireObject, path: String) throws(AgentDecodeError) {
        var reader = FieldReader(object, path: path, lenient: false)
        let fields = try reader.required("provider", reader.object("provider"))
        provider = try DeepgramProvider(decoding: fields, role: .speak, path: "\(path).provider")
        endpoint = try reader.object("endpoint").map { object throws(AgentDecodeError) in
            try DeepgramEndpoint(object, path: "\(path).endpoint", method: false)
        }
        try reader.finish()
    }
}

extension DeepgramFunction {
    var json: WireObject {
        var json: WireObject = ["name": .string(name)]
        json["description"] = description.map { .string($0) }
        json["parameters"] = parameters.map { .object($0) }
        json["endpoint"] = endpoint.map { .object($0.json) }
        json["defer_until_eot"] = deferUntilEndOfTurn.map { .bool($0) }
        json["initial_agent_filler"] = initialFiller.map { .bool($0) }
        json["agent_filler_max_count"] = fillersMax.map { .integer($0) }
        json["agent_filler_interval_ms"] = fillerIntervalMs.map { .integer($0) }
        return json
    }

    init(_ object: WireObject, path: String) throws(AgentDecodeError) {
        var reader = FieldReader(object, path: path, lenient: false)
        name = try reader.requiredString("name")
        description = try reader.string("description")
        parameters = try reader.object("parameters")
        endpoint = try reader.object("endpoint").map { object throws(AgentDecodeError) in
            try DeepgramEndpoint(object, path: "\(path).endpoint", method: true)
        }
        deferUntilEndOfTurn = try reader.bool("defer_until_eot")
        initialFiller = try reader.bool("initial_agent_filler")
        fillersMax = try reader.integer("agent_filler_max_count")
        fillerIntervalMs = try reader.integer("agent_filler_interval_ms")
        try reader.finish()
    }
}
