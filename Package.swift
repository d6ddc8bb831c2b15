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

func module(_ name: String, _ dependencies: [Target.Dependency] = [], c: Bool = false, resources: [Resource]? = nil)
    -> Target
{
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: c ? strictC : strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], resources: resources, swiftSettings: strict)
}

/// `make fuzz` builds the decoders under libFuzzer, which brings a `main` of its own, and nothing else does. The same checks
/// run over their seeds as tests.
let fuzzed: [Target.Dependency] = [
    "CallModel", "TwilioProtocol", "SpeechAgent", "CRM", "HTTPAPI", "WebSocketTransport",
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
        // C libraries: module maps and shims, nothing else.
        .target(
            name: "CTransport",
            linkerSettings: [
                .linkedLibrary("ev"), .linkedLibrary("ssl"), .linkedLibrary("crypto"), .linkedLibrary("wslay"),
            ]),
        .target(name: "CLibCrypto", linkerSettings: [.linkedLibrary("crypto")]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CPocketSphinx", pkgConfig: "pocketsphinx",
            providers: [.apt(["libpocketsphinx-dev", "libsphinxbase-dev", "pocketsphinx-en-us"])]),
        .systemLibrary(name: "CFlite", providers: [.apt(["flite1-dev"])]),
        .systemLibrary(name: "CSpeexDSP", pkgConfig: "speexdsp", providers: [.apt(["libspeexdsp-dev"])]),

        // Plain values.
        module("CallModel"),
        module("Telemetry", ["CallModel"]),
        module("SpokenLanguage", ["CallModel"]),
        module("AudioCore", ["CallModel"]),
        module("TwilioProtocol", ["CallModel", "CLibCrypto"], c: true),
        module("SpeechAgent", ["CallModel"]),
        module("Consult", ["CallModel"], resources: [.copy("Lexicons")]),
        module("CallSession", ["CallModel", "AudioCore", "TwilioProtocol", "SpeechAgent"]),

        // Borders: sockets, database, speech.
        module("HTTPClient"),
        module("WebSocketTransport", ["CallModel", "Telemetry", "CTransport"], c: true),
        module("Database", ["CallModel", "Telemetry", "CLibPQ"], c: true, resources: [.copy("Migrations")]),
        module("CRM", ["CallModel", "Telemetry", "SpokenLanguage", "Consult", "HTTPClient", "Database"]),
        module(
            "LocalAgent",
            [
                "CallModel", "Telemetry", "SpokenLanguage", "AudioCore", "SpeechAgent", "WebSocketTransport",
                "CPocketSphinx", "CFlite", "CSpeexDSP",
            ], c: true, resources: [.copy("Model")]),
        module(
            "Carrier", ["CallModel", "Telemetry", "AudioCore", "TwilioProtocol", "HTTPClient", "WebSocketTransport"]),
        module(
            "HTTPAPI",
            ["CallModel", "Telemetry", "TwilioProtocol", "WebSocketTransport", "Database", "CRM", "CLibCrypto"],
            c: true),

        // Wiring.
        module(
            "Gateway",
            [
                "CallModel", "Telemetry", "AudioCore", "TwilioProtocol", "SpeechAgent", "CallSession", "HTTPClient",
                "WebSocketTransport", "Database", "Consult", "CRM", "HTTPAPI", "LocalAgent",
            ]),
        .executableTarget(
            name: "parley",
            dependencies: [
                "CallModel", "Telemetry", "HTTPClient", "WebSocketTransport", "HTTPAPI", "Gateway", "Carrier",
                "LocalAgent", "Database", "LoadBenchmark",
            ], swiftSettings: strict),
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
                "Carrier",
            ], path: "bench/consult", swiftSettings: strict),
        .executableTarget(
            name: "writer-benchmark", dependencies: ["CallModel", "Telemetry", "Database", "CRM"],
            path: "bench/writer", swiftSettings: strict),

        // Tests.
        .target(
            name: "TestSupport", dependencies: ["CallModel", "Telemetry", "Database", "WebSocketTransport"],
            path: "Tests/TestSupport", swiftSettings: strict),
        tests("CallModelTests", ["CallModel"]),
        tests("TelemetryTests", ["CallModel", "Telemetry"]),
        tests("SpokenLanguageTests", ["CallModel", "SpokenLanguage"]),
        tests("AudioCoreTests", ["CallModel", "AudioCore"], resources: [.copy("Vectors")]),
        tests("TwilioProtocolTests", ["CallModel", "TwilioProtocol"]),
        tests("SpeechAgentTests", ["CallModel", "SpeechAgent"]),
        tests("ConsultTests", ["CallModel", "Consult"], resources: [.copy("Labelled")]),
        tests("CallSessionTests", ["CallModel", "CallSession", "AudioCore", "SpeechAgent", "TwilioProtocol"]),
        tests("HTTPClientTests", ["HTTPClient", "WebSocketTransport"]),
        tests("WebSocketTransportTests", ["CallModel", "WebSocketTransport"]),
        tests("DatabaseTests", ["CallModel", "Database"]),
        tests("CRMTests", ["CallModel", "Consult", "CRM", "Database", "WebSocketTransport"]),
        tests("HTTPAPITests", ["CallModel", "HTTPAPI", "CRM", "Database", "WebSocketTransport"]),
        tests("LocalAgentTests", ["CallModel", "LocalAgent", "AudioCore", "SpeechAgent", "WebSocketTransport"]),
        tests("CarrierTests", ["CallModel", "Carrier", "AudioCore", "TwilioProtocol", "WebSocketTransport"]),
        tests("LoadBenchmarkTests", ["Consult", "LoadBenchmark", "parley", "AllocationShim"]),
        tests(
            "GatewayTests",
            [
                "CallModel", "Telemetry", "SpeechAgent", "TwilioProtocol", "WebSocketTransport", "Database", "CRM",
                "LocalAgent", "Gateway",
            ]),
        tests(
            "EndToEndTests",
            [
                "CallModel", "AudioCore", "Gateway", "Carrier", "LocalAgent", "CRM", "Database", "WebSocketTransport",
                "SpeechAgent", "TwilioProtocol", "Consult", "HTTPAPI",
            ]),
        tests("TidyTests", []),
        fuzzing,
    ],
    swiftLanguageModes: [.v6]
)
