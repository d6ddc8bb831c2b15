extension Rule {
    static let imports = [
        Rule(
            "a library behind a border has one importer",
            breaks: ("Sources/CRM/A.swift", "internal import CLibPQ"),
            keeps: ("Sources/Database/A.swift", "internal import CLibPQ\n// import CTransport")
        ) { file in
            let owners: [String: Set<String>] = [
                "CTransport": ["WebSocketTransport"], "CLibPQ": ["Database"], "CPocketSphinx": ["LocalAgent"],
                "CFlite": ["LocalAgent"], "CSpeexDSP": ["LocalAgent"], "CLibCrypto": ["TwilioProtocol", "HTTPAPI"],
                "FoundationNetworking": ["HTTPClient"],
            ]
            guard file.area == "Sources" else { return [] }
            return file.imports.filter { owners[$0]?.contains(file.module) == false }.sorted()
                .map { "\(file.path) imports \($0)" }
        },
        Rule(
            "imports point from wiring towards plain values",
            breaks: ("Sources/CallModel/A.swift", "package import Database"),
            keeps: ("Sources/CRM/A.swift", "import struct Foundation.Date\npackage import Database")
        ) { file in
            guard file.area == "Sources" else { return [] }
            guard let allowed = allowedImports[file.module] else {
                return ["\(file.path) is in a module that docs/ARCHITECTURE.md and this table do not know"]
            }
            return file.imports.filter { allowedImports[$0] != nil && !allowed.contains($0) }.sorted()
                .map { "\(file.path) imports \($0)" }
        },
        Rule(
            "the audio core does without Foundation",
            breaks: ("Sources/AudioCore/A.swift", "import FoundationEssentials"),
            keeps: ("Sources/AudioCore/A.swift", "import CallModel\nimport Glibc")
        ) { file in
            guard file.module == "AudioCore", file.area == "Sources" else { return [] }
            return file.imports.filter { $0.hasPrefix("Foundation") }.map { "\(file.path) imports \($0)" }
        },
    ]

    /// As the table in docs/ARCHITECTURE.md has it.
    private static let allowedImports: [String: Set<String>] = [
        "CallModel": [],
        "Telemetry": ["CallModel"],
        "AudioCore": ["CallModel"],
        "SpokenLanguage": ["CallModel"],
        "TwilioProtocol": ["CallModel"],
        "SpeechAgent": ["CallModel"],
        "Consult": ["CallModel"],
        "CallSession": ["CallModel", "AudioCore", "TwilioProtocol", "SpeechAgent", "Consult"],
        "HTTPClient": [],
        "WebSocketTransport": ["CallModel", "Telemetry"],
        "Database": ["CallModel", "Telemetry"],
        "CRM": ["CallModel", "Telemetry", "SpokenLanguage", "Consult", "HTTPClient", "Database"],
        "HTTPAPI": ["CallModel", "Telemetry", "TwilioProtocol", "WebSocketTransport", "Database", "CRM"],
        "LocalAgent": ["CallModel", "Telemetry", "SpokenLanguage", "AudioCore", "SpeechAgent", "WebSocketTransport"],
        "Carrier": ["CallModel", "Telemetry", "AudioCore", "TwilioProtocol", "HTTPClient", "WebSocketTransport"],
        "Gateway": [
            "CallModel", "Telemetry", "AudioCore", "SpokenLanguage", "TwilioProtocol", "SpeechAgent", "Consult",
            "CallSession", "HTTPClient", "WebSocketTransport", "Database", "CRM", "HTTPAPI", "LocalAgent",
        ],
        "parley": [
            "CallModel", "Telemetry", "HTTPClient", "WebSocketTransport", "Database", "CRM", "HTTPAPI", "LocalAgent",
            "Carrier", "Gateway",
        ],
    ]
}
