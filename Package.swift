// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]
/// For targets that touch C: every unsafe construct is spelled `unsafe`.
let strictC = strict + [.strictMemorySafety()]

/// A folder of `Sources` and of `Tests`. A wing imports those above it here, and its own; docs/ARCHITECTURE.md says why.
enum Wing: String {
    case words = "Words"
    case media = "Media"
    case borders = "Borders"
    case live = "Live"
    case product = "Product"
    case program = "Program"
    case outside = "Outside"
}

/// - Parameter embedding: whether files of its `embedded.txt` become part of its code, and which of its folders hold them.
func module(
    _ name: String, in wing: Wing, _ dependencies: [Target.Dependency] = [], c: Bool = false,
    embedding folders: [String]? = nil
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(wing.rawValue)/\(name)",
        exclude: folders.map { $0 + ["embedded.txt"] } ?? [], swiftSettings: c ? strictC : strict,
        plugins: folders.map { _ in ["EmbedFiles"] } ?? [])
}

/// A module map, with a shim where one is needed.
func library(_ name: String, in wing: Wing, pkgConfig: String? = nil, _ packages: [String]) -> Target {
    .systemLibrary(
        name: name, path: "Sources/\(wing.rawValue)/\(name)", pkgConfig: pkgConfig, providers: [.apt(packages)])
}

func shim(_ name: String, in wing: Wing, linking libraries: [String]) -> Target {
    .target(
        name: name, path: "Sources/\(wing.rawValue)/\(name)", linkerSettings: libraries.map { .linkedLibrary($0) })
}

func tests(_ name: String, in wing: Wing, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], path: "Tests/\(wing.rawValue)/\(name)",
        resources: resources, swiftSettings: strict)
}

/// `make fuzz` builds the decoders under libFuzzer, which brings a `main` of its own, and nothing else does. The same checks
/// run over their seeds as tests.
let fuzzed: [Target.Dependency] = [
    "CallModel", "Encoding", "CSV", "TwilioProtocol", "SpeechAgent", "WebSocketTransport", "Endpoints", "JOSE",
    "Journal",
    "API",
]
let fuzzing: Target =
    Context.environment["PARLEY_FUZZ"] == nil
    ? .testTarget(
        name: "FuzzTests", dependencies: fuzzed, path: "Tests/FuzzTests", exclude: ["Driver", "seeds"],
        swiftSettings: strict)
    : .executableTarget(
        name: "parley-fuzz", dependencies: fuzzed, path: "Tests/FuzzTests", exclude: ["FuzzTests.swift", "seeds"],
        swiftSettings: strict)

let package = Package(
    name: "parley",
    products: [
        .executable(name: "parley", targets: ["parley"]),
        // Preloaded into a gateway by the load benchmark: counts its allocations.
        .library(name: "AllocationShim", type: .dynamic, targets: ["AllocationShim"]),
    ],
    targets: [
        .plugin(name: "EmbedFiles", capability: .buildTool()),

        // C libraries: module maps and shims, nothing else.
        shim("CLibCrypto", in: .words, linking: ["crypto"]),
        library("CZlib", in: .words, ["zlib1g-dev"]),
        // Its arithmetic, fast in every build, and its weights as part of the executable.
        .target(
            name: "CSentenceModel", path: "Sources/Words/CSentenceModel", exclude: ["data"],
            cSettings: [.headerSearchPath("data"), .unsafeFlags(["-O2"])], linkerSettings: [.linkedLibrary("m")]),
        shim("CTransport", in: .borders, linking: ["ev", "ssl", "crypto", "wslay"]),
        library("CLibPQ", in: .borders, pkgConfig: "libpq", ["libpq-dev"]),
        library(
            "CPocketSphinx", in: .borders, pkgConfig: "pocketsphinx",
            ["libpocketsphinx-dev", "libsphinxbase-dev", "pocketsphinx-en-us"]),
        library("CJose", in: .borders, ["libcjose-dev"]),
        library("CSodium", in: .borders, ["libsodium-dev"]),
        shim("CCurl", in: .borders, linking: ["curl"]),
        shim("CPhoneNumbers", in: .borders, linking: ["phonenumber"]),
        library("CFlite", in: .borders, ["flite1-dev"]),
        library("CSpeexDSP", in: .borders, pkgConfig: "speexdsp", ["libspeexdsp-dev"]),

        // Plain values.
        module("CallModel", in: .words, ["Encoding"]),
        module("Runtime", in: .words),
        module("Encoding", in: .words, ["CLibCrypto", "CZlib"], c: true),
        module("Settings", in: .words),
        module("CSV", in: .words),
        module("Plots", in: .words),
        module("Telemetry", in: .words, ["Runtime", "Encoding", "Settings"]),
        module("SpokenLanguage", in: .words, ["CallModel", "Encoding"]),
        module("SentenceModel", in: .words, ["CSentenceModel", "Encoding"], c: true),
        module("AudioCore", in: .media, ["CallModel", "Runtime"]),
        module("TwilioProtocol", in: .media, ["CallModel", "Encoding"], c: true),
        module("SpeechAgent", in: .media, ["Runtime", "Encoding", "Settings"]),
        module(
            "Consult", in: .media, ["CallModel", "Encoding", "SpokenLanguage", "SentenceModel"], embedding: ["Lexicons"]
        ),
        module("Answering", in: .media, ["SpokenLanguage", "AudioCore"]),
        module("CallSession", in: .media, ["CallModel", "Runtime", "AudioCore", "TwilioProtocol", "SpeechAgent"]),

        // Borders: sockets, database, speech.
        module("HTTPClient", in: .borders),
        module("PublicHTTP", in: .borders, ["CCurl"], c: true),
        module("Mail", in: .borders, ["CCurl", "Encoding", "Settings", "Telemetry"], c: true),
        module(
            "PhoneNumbers", in: .borders, ["CPhoneNumbers", "CallModel", "Encoding"], c: true, embedding: ["Places"]),
        module(
            "WebSocketTransport", in: .borders, ["CTransport", "Runtime", "Encoding", "Settings", "Telemetry"], c: true),
        module(
            "Database", in: .borders, ["CLibPQ", "CallModel", "Runtime", "Encoding", "Settings", "Telemetry"], c: true,
            embedding: ["Migrations"]),
        module("Jobs", in: .borders, ["CallModel", "Runtime", "Telemetry", "Database"]),
        module(
            "Endpoints", in: .borders,
            ["CallModel", "Runtime", "Encoding", "Telemetry", "WebSocketTransport", "Database"]),
        module(
            "LocalSpeech", in: .borders, ["CPocketSphinx", "CFlite", "CSpeexDSP", "SpokenLanguage", "AudioCore"],
            c: true,
            embedding: ["Model"]),
        module("JOSE", in: .borders, ["CJose", "Encoding"], c: true),
        module("Passwords", in: .borders, ["CSodium", "Runtime"], c: true),
        module("Telephony", in: .borders, ["CallModel", "Settings", "Telemetry", "TwilioProtocol", "HTTPClient"]),
        module("LanguageModel", in: .borders, ["Runtime", "Settings", "HTTPClient"]),
        module(
            "Journal", in: .borders, ["CallModel", "Runtime", "Encoding", "Telemetry", "SpokenLanguage", "Consult"]),

        // Calls on their loops.
        module("Events", in: .live, ["CallModel"]),
        module(
            "LiveCalls", in: .live,
            [
                "CallModel", "Runtime", "Encoding", "Settings", "Telemetry", "SpokenLanguage", "AudioCore",
                "TwilioProtocol", "SpeechAgent", "Consult", "Answering", "CallSession", "WebSocketTransport",
                "Endpoints", "Telephony", "Journal", "Events",
            ]),

        module("Compliance", in: .product, ["CallModel", "Encoding", "Database"], embedding: ["RuleSets"]),
        module(
            "Dialing", in: .product,
            [
                "CallModel", "Telemetry", "Answering", "TwilioProtocol", "Database", "Jobs", "PhoneNumbers",
                "Telephony",
                "LiveCalls", "Compliance",
            ]),
        module(
            "Campaigns", in: .product,
            [
                "CallModel", "Runtime", "Settings", "Telemetry", "Answering", "Database", "Jobs", "PhoneNumbers",
                "Compliance", "Dialing",
            ]),
        module(
            "WebhooksOut", in: .product,
            ["Encoding", "Settings", "Telemetry", "Database", "Jobs", "PublicHTTP"]),
        module("CallReading", in: .product, ["CallModel", "Runtime", "SpokenLanguage", "LanguageModel"]),
        module(
            "CRM", in: .product,
            [
                "CallModel", "Runtime", "Encoding", "Telemetry", "SpokenLanguage", "Mail", "Database", "Jobs",
                "CallReading",
            ]),
        module(
            "PostCall", in: .product,
            [
                "CallModel", "Runtime", "Encoding", "Telemetry", "SpokenLanguage", "Consult", "Database", "Jobs",
                "Journal", "LanguageModel", "Compliance", "CallReading", "CRM",
            ]),
        module(
            "Specialists", in: .product,
            [
                "CallModel", "Runtime", "Encoding", "Settings", "Telemetry", "SpokenLanguage", "Consult", "Database",
                "LanguageModel", "LiveCalls",
            ]),
        module(
            "LocalAgent", in: .outside,
            [
                "Runtime", "Encoding", "Telemetry", "SpokenLanguage", "AudioCore", "SpeechAgent", "WebSocketTransport",
                "LocalSpeech",
            ]),
        module(
            "SimulatedCarrier", in: .outside,
            [
                "CallModel", "Runtime", "Encoding", "Telemetry", "AudioCore", "TwilioProtocol", "HTTPClient",
                "WebSocketTransport", "LocalSpeech",
            ],
            embedding: []),
        module(
            "API", in: .product,
            [
                "CallModel", "Runtime", "Encoding", "Settings", "CSV", "Telemetry", "Answering", "WebSocketTransport",
                "Database", "Jobs", "Endpoints", "JOSE", "Passwords", "PhoneNumbers", "Events", "Compliance", "CRM",
                "Console", "PublicHTTP", "WebhooksOut", "Dialing", "Campaigns", "Plots",
            ]),

        module("Console", in: .product, ["WebSocketTransport", "Endpoints"], embedding: ["Assets"]),

        // Wiring.
        module(
            "Gateway", in: .program,
            [
                "CallModel", "Runtime", "Encoding", "Settings", "Telemetry", "TwilioProtocol", "SpeechAgent",
                "HTTPClient", "WebSocketTransport", "Database", "Jobs", "Endpoints", "LocalSpeech", "JOSE", "Telephony",
                "LanguageModel", "Journal", "Events", "LiveCalls", "CallReading", "CRM", "PostCall", "Specialists",
                "API", "Consult", "PublicHTTP", "WebhooksOut", "Dialing", "Campaigns", "Mail",
            ]),
        .executableTarget(
            name: "parley",
            dependencies: [
                "SpokenLanguage", "SentenceModel",
                "CallModel", "Encoding", "CSV", "Plots", "Telemetry", "Consult", "HTTPClient", "WebSocketTransport",
                "Database", "Endpoints", "Specialists", "LocalAgent", "SimulatedCarrier", "API", "Gateway",
                "LoadBenchmark", "Compliance", "Dialing", "Campaigns", "Jobs",
            ], path: "Sources/Program/parley", swiftSettings: strict),
        .target(
            name: "LoadBenchmark",
            dependencies: [
                "CallModel", "Runtime", "Encoding", "Plots", "Telemetry", "TwilioProtocol", "WebSocketTransport",
                "Database", "WebhookClient",
            ],
            path: "bench/load", swiftSettings: strictC),
        .target(
            name: "WebhookClient", path: "bench/webhook-client",
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .executableTarget(
            name: "parley-relay", path: "bench/relay",
            linkerSettings: [.linkedLibrary("websockets"), .linkedLibrary("ev")]),
        .executableTarget(name: "parley-floor", path: "bench/floor"),
        .executableTarget(
            name: "core-benchmark",
            dependencies: ["CallModel", "Runtime", "AudioCore", "TwilioProtocol", "CAllocationCounter"],
            path: "bench/core", swiftSettings: strictC),
        .target(name: "CAllocationCounter", path: "bench/CAllocationCounter"),
        .target(name: "AllocationShim", path: "bench/allocation-shim"),
        .executableTarget(
            name: "context-benchmark", dependencies: ["CallModel", "Runtime", "Database", "CRM"], path: "bench/context",
            swiftSettings: strict),
        .executableTarget(
            name: "consult-benchmark",
            dependencies: [
                "CallModel", "Runtime", "Encoding", "Telemetry", "AudioCore", "SpeechAgent", "Consult",
                "WebSocketTransport", "Database", "Specialists", "SimulatedCarrier", "LoadBenchmark",
            ], path: "bench/consult", swiftSettings: strict),
        .executableTarget(
            name: "api-benchmark",
            dependencies: [
                "CallModel", "Runtime", "WebSocketTransport", "Database", "Endpoints", "API", "LoadBenchmark",
            ], path: "bench/api", swiftSettings: strictC),
        .executableTarget(
            name: "jobs-benchmark", dependencies: ["CallModel", "Runtime", "Database", "Jobs"], path: "bench/jobs",
            swiftSettings: strict),
        .executableTarget(
            name: "dialer-proof",
            dependencies: [
                "CallModel", "Encoding", "Telemetry", "TwilioProtocol", "HTTPClient", "WebSocketTransport", "Database",
                "Jobs", "Telephony", "LiveCalls", "Compliance", "Dialing", "Campaigns",
            ], path: "bench/dialer", exclude: ["check-year.py", "places.py"], swiftSettings: strict),
        .executableTarget(
            name: "imports-benchmark",
            dependencies: [
                "CallModel", "Runtime", "Telemetry", "WebSocketTransport", "Database", "Jobs", "Endpoints", "CRM",
                "API",
            ], path: "bench/imports", swiftSettings: strict),
        .executableTarget(
            name: "answering-benchmark", dependencies: ["AudioCore", "Answering", "CAllocationCounter"],
            path: "bench/answering",
            exclude: ["make-tones.c", "prepare.sh"], swiftSettings: strict),
        .executableTarget(
            name: "understanding-benchmark", dependencies: ["CallModel", "SpokenLanguage", "Consult", "CallReading"],
            path: "bench/understanding", exclude: ["labelled", "floors.json"], swiftSettings: strict),
        .executableTarget(
            name: "writer-benchmark",
            dependencies: ["CallModel", "Runtime", "Telemetry", "Database", "Journal", "CRM", "PostCall"],
            path: "bench/writer", swiftSettings: strict),

        // Tests.
        .target(
            name: "TestSupport",
            dependencies: [
                "CallModel", "Consult", "WebSocketTransport", "Database", "LanguageModel", "Journal", "CallReading",
            ],
            path: "Tests/TestSupport", swiftSettings: strict),
        tests("CallModelTests", in: .words, ["CallModel"]),
        tests("RuntimeTests", in: .words, ["Runtime"]),
        tests("EncodingTests", in: .words, ["Encoding"]),
        tests("SettingsTests", in: .words, ["Settings"]),
        tests("CSVTests", in: .words, ["CSV"]),
        tests("PlotsTests", in: .words, ["Plots"]),
        tests("PhoneNumbersTests", in: .borders, ["CallModel", "PhoneNumbers"]),
        tests(
            "ConsoleTests", in: .product,
            ["Encoding", "AudioCore", "WebSocketTransport", "Database", "Endpoints", "Console"]),
        tests("TelemetryTests", in: .words, ["Runtime", "Telemetry"]),
        tests("SpokenLanguageTests", in: .words, ["SpokenLanguage"]),
        tests("AudioCoreTests", in: .media, ["Runtime", "AudioCore"], resources: [.copy("Vectors")]),
        tests("TwilioProtocolTests", in: .media, ["CallModel", "Encoding", "TwilioProtocol"]),
        tests("SpeechAgentTests", in: .media, ["Runtime", "Encoding", "SpeechAgent"]),
        tests(
            "ConsultTests", in: .media, ["SpokenLanguage", "SentenceModel", "Consult"], resources: [.copy("Labelled")]),
        tests("AnsweringTests", in: .media, ["AudioCore", "Answering"]),
        tests(
            "CallSessionTests", in: .media,
            ["CallModel", "Runtime", "AudioCore", "TwilioProtocol", "SpeechAgent", "CallSession"]),
        tests("LocalSpeechTests", in: .borders, ["LocalSpeech"]),
        tests("HTTPClientTests", in: .borders, ["HTTPClient", "WebSocketTransport"]),
        tests("WebSocketTransportTests", in: .borders, ["CallModel", "Runtime", "WebSocketTransport"]),
        tests(
            "JournalTests", in: .borders, ["CallModel", "Runtime", "Encoding", "SpokenLanguage", "Journal"],
            resources: [.copy("fixtures")]),
        tests(
            "EndpointsTests", in: .borders,
            ["CallModel", "Encoding", "Telemetry", "WebSocketTransport", "Database", "Endpoints"]),
        tests("PasswordsTests", in: .borders, ["Passwords"]),
        tests("JOSETests", in: .borders, ["CJose", "Encoding", "JOSE"]),
        tests("JobsTests", in: .borders, ["CallModel", "Runtime", "Telemetry", "Database", "Jobs", "jobs-benchmark"]),
        tests("ComplianceTests", in: .product, ["CallModel", "Database", "Compliance"]),
        tests("DialingTests", in: .product, ["CallModel", "Encoding", "TwilioProtocol", "Compliance", "Dialing"]),
        tests(
            "CampaignsTests", in: .product,
            ["CallModel", "Database", "Jobs", "Compliance", "Dialing", "Campaigns", "dialer-proof"]),
        tests("PublicHTTPTests", in: .borders, ["WebSocketTransport", "PublicHTTP"]),
        tests("MailTests", in: .borders, ["Telemetry", "Mail"]),
        tests(
            "WebhooksOutTests", in: .product,
            [
                "CallModel", "Encoding", "Telemetry", "WebSocketTransport", "Database", "Jobs", "PublicHTTP",
                "WebhooksOut",
            ]),
        tests("DatabaseTests", in: .borders, ["CallModel", "Runtime", "Encoding", "Database"]),
        tests("LanguageModelTests", in: .borders, ["Runtime", "LanguageModel"]),
        tests(
            "LiveCallsTests", in: .live,
            [
                "CallModel", "Runtime", "Encoding", "TwilioProtocol", "SpeechAgent", "Consult", "Answering",
                "WebSocketTransport", "Database", "Endpoints", "Journal", "LiveCalls",
            ]),
        tests(
            "CallReadingTests", in: .product,
            ["CallModel", "WebSocketTransport", "LanguageModel", "CallReading", "CRM", "understanding-benchmark"]),
        tests(
            "CRMTests", in: .product,
            ["CallModel", "Telemetry", "Consult", "Mail", "Database", "Jobs", "Journal", "CallReading", "CRM"]),
        tests(
            "PostCallTests", in: .product,
            [
                "CallModel", "Encoding", "Telemetry", "SpokenLanguage", "Consult", "Database", "Jobs", "Journal",
                "LanguageModel", "Compliance", "CallReading", "CRM", "PostCall",
            ]),
        tests(
            "SpecialistsTests", in: .product,
            ["CallModel", "Telemetry", "Consult", "WebSocketTransport", "Database", "Specialists"]),
        tests(
            "APITests", in: .product,
            [
                "CallModel", "Runtime", "Encoding", "Telemetry", "WebSocketTransport", "Database", "Endpoints", "JOSE",
                "Jobs", "Events", "CRM", "API", "imports-benchmark",
            ], resources: [.copy("fixtures")]),
        tests(
            "LocalAgentTests", in: .outside,
            ["Encoding", "AudioCore", "SpeechAgent", "WebSocketTransport", "LocalSpeech", "LiveCalls", "LocalAgent"]),
        tests(
            "SimulatedCarrierTests", in: .outside,
            ["CallModel", "Runtime", "Encoding", "TwilioProtocol", "WebSocketTransport", "SimulatedCarrier"]),
        tests("LoadBenchmarkTests", in: .program, ["Consult", "LoadBenchmark", "parley", "AllocationShim"]),
        tests(
            "GatewayTests", in: .program,
            [
                "CallModel", "Encoding", "Settings", "Telemetry", "TwilioProtocol", "WebSocketTransport", "Database",
                "PhoneNumbers", "Endpoints", "LanguageModel", "LiveCalls", "Compliance", "API", "Gateway", "parley",
            ]),
        tests("DocumentTests", in: .program, ["CallModel", "Encoding", "Database", "Endpoints"]),
        tests(
            "EndToEndTests", in: .program,
            [
                "CallModel", "Runtime", "Encoding", "AudioCore", "TwilioProtocol", "SpeechAgent", "Consult",
                "HTTPClient", "WebSocketTransport", "Database", "Endpoints", "Events", "LiveCalls", "PostCall",
                "LocalSpeech", "LocalAgent",
                "SimulatedCarrier", "API", "Gateway", "parley",
            ]),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"], path: "Tests/TidyTests", swiftSettings: strict),
        fuzzing,
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
