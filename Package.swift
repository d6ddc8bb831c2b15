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
    "CallModel", "TwilioProtocol", "SpeechAgent", "CRM", "API", "WebSocketTransport",
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
        shim("CTransport", in: .borders, linking: ["ev", "ssl", "crypto", "wslay"]),
        library("CLibPQ", in: .borders, pkgConfig: "libpq", ["libpq-dev"]),
        library(
            "CPocketSphinx", in: .borders, pkgConfig: "pocketsphinx",
            ["libpocketsphinx-dev", "libsphinxbase-dev", "pocketsphinx-en-us"]),
        library("CFlite", in: .borders, ["flite1-dev"]),
        library("CSpeexDSP", in: .borders, pkgConfig: "speexdsp", ["libspeexdsp-dev"]),

        // Plain values.
        module("CallModel", in: .words),
        module("Telemetry", in: .words, ["CallModel"]),
        module("SpokenLanguage", in: .words),
        module("AudioCore", in: .media, ["CallModel"]),
        module("TwilioProtocol", in: .media, ["CallModel", "CLibCrypto"], c: true),
        module("SpeechAgent", in: .media, ["CallModel"]),
        module("Consult", in: .media, ["CallModel"], embedding: ["Lexicons"]),
        module("CallSession", in: .media, ["CallModel", "AudioCore", "TwilioProtocol", "SpeechAgent"]),

        // Borders: sockets, database, speech.
        module("HTTPClient", in: .borders),
        module("WebSocketTransport", in: .borders, ["CallModel", "Telemetry", "CTransport"], c: true),
        module(
            "Database", in: .borders, ["CallModel", "Telemetry", "CLibPQ"], c: true, embedding: ["Migrations"]),
        module("CRM", in: .product, ["CallModel", "Telemetry", "SpokenLanguage", "Consult", "HTTPClient", "Database"]),
        module(
            "LocalAgent", in: .outside,
            [
                "CallModel", "Telemetry", "SpokenLanguage", "AudioCore", "SpeechAgent", "WebSocketTransport",
                "CPocketSphinx", "CFlite", "CSpeexDSP",
            ], c: true, embedding: ["Model"]),
        module(
            "SimulatedCarrier", in: .outside,
            ["CallModel", "Telemetry", "AudioCore", "TwilioProtocol", "HTTPClient", "WebSocketTransport"], embedding: []
        ),
        module(
            "API", in: .product,
            ["CallModel", "Telemetry", "TwilioProtocol", "WebSocketTransport", "Database", "CRM", "CLibCrypto"],
            c: true),

        module("Console", in: .product, ["WebSocketTransport"], embedding: ["Assets"]),

        // Wiring.
        module(
            "Gateway", in: .program,
            [
                "CallModel", "Telemetry", "SpokenLanguage", "AudioCore", "TwilioProtocol", "SpeechAgent", "CallSession",
                "HTTPClient",
                "WebSocketTransport", "Database", "Consult", "CRM", "API", "LocalAgent",
            ]),
        .executableTarget(
            name: "parley",
            dependencies: [
                "CallModel", "Telemetry", "Consult", "HTTPClient", "WebSocketTransport", "API", "Gateway",
                "SimulatedCarrier",
                "LocalAgent", "Database", "LoadBenchmark",
            ], path: "Sources/Program/parley", swiftSettings: strict),
        .target(
            name: "LoadBenchmark",
            dependencies: [
                "CallModel", "Telemetry", "TwilioProtocol", "WebSocketTransport", "Database", "WebhookClient",
            ],
            path: "bench/load", swiftSettings: strictC),
        .target(
            name: "WebhookClient", path: "bench/webhook-client",
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .executableTarget(
            name: "parley-relay", path: "bench/relay",
            linkerSettings: [.linkedLibrary("websockets"), .linkedLibrary("ev")]),
        .executableTarget(
            name: "core-benchmark", dependencies: ["CallModel", "AudioCore", "TwilioProtocol", "CAllocationCounter"],
            path: "bench/core", swiftSettings: strictC),
        .target(name: "CAllocationCounter", path: "bench/CAllocationCounter"),
        .target(name: "AllocationShim", path: "bench/allocation-shim"),
        .executableTarget(
            name: "context-benchmark", dependencies: ["CallModel", "Database", "CRM"], path: "bench/context",
            swiftSettings: strict),
        .executableTarget(
            name: "consult-benchmark",
            dependencies: [
                "CallModel", "AudioCore", "Consult", "Database", "CRM", "SpeechAgent", "WebSocketTransport", "Gateway",
                "SimulatedCarrier",
            ], path: "bench/consult", swiftSettings: strict),
        .executableTarget(
            name: "writer-benchmark", dependencies: ["CallModel", "Telemetry", "Database", "CRM"],
            path: "bench/writer", swiftSettings: strict),

        // Tests.
        .target(
            name: "TestSupport", dependencies: ["CallModel", "Telemetry", "Database", "WebSocketTransport"],
            path: "Tests/TestSupport", swiftSettings: strict),
        tests("CallModelTests", in: .words, ["CallModel"]),
        tests("TelemetryTests", in: .words, ["CallModel", "Telemetry"]),
        tests("SpokenLanguageTests", in: .words, ["CallModel", "SpokenLanguage"]),
        tests("AudioCoreTests", in: .media, ["CallModel", "AudioCore"], resources: [.copy("Vectors")]),
        tests("TwilioProtocolTests", in: .media, ["CallModel", "TwilioProtocol"]),
        tests("SpeechAgentTests", in: .media, ["CallModel", "SpeechAgent"]),
        tests("ConsultTests", in: .media, ["CallModel", "Consult"], resources: [.copy("Labelled")]),
        tests(
            "CallSessionTests", in: .media, ["CallModel", "CallSession", "AudioCore", "SpeechAgent", "TwilioProtocol"]),
        tests("HTTPClientTests", in: .borders, ["HTTPClient", "WebSocketTransport"]),
        tests("WebSocketTransportTests", in: .borders, ["CallModel", "WebSocketTransport"]),
        tests("DatabaseTests", in: .borders, ["CallModel", "Database"]),
        tests("CRMTests", in: .product, ["CallModel", "Consult", "CRM", "Database", "WebSocketTransport"]),
        tests("APITests", in: .product, ["CallModel", "API", "CRM", "Database", "WebSocketTransport"]),
        tests(
            "LocalAgentTests", in: .outside,
            ["CallModel", "LocalAgent", "AudioCore", "SpeechAgent", "WebSocketTransport"]),
        tests(
            "SimulatedCarrierTests", in: .outside,
            ["CallModel", "SimulatedCarrier", "AudioCore", "TwilioProtocol", "WebSocketTransport"]),
        tests("LoadBenchmarkTests", in: .program, ["Consult", "LoadBenchmark", "parley", "AllocationShim"]),
        tests(
            "GatewayTests", in: .program,
            [
                "CallModel", "Telemetry", "SpeechAgent", "TwilioProtocol", "WebSocketTransport", "Database", "CRM",
                "LocalAgent", "Gateway",
            ]),
        tests(
            "EndToEndTests", in: .program,
            [
                "CallModel", "AudioCore", "Gateway", "SimulatedCarrier", "LocalAgent", "CRM", "Database",
                "WebSocketTransport",
                "SpeechAgent", "TwilioProtocol", "Consult", "API",
            ]),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"], path: "Tests/TidyTests", swiftSettings: strict),
        fuzzing,
    ],
    swiftLanguageModes: [.v6]
)
