// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

/// A library that only computes: no clock, no chance, no files, no sockets, no Foundation.
func pure(_ name: String, uses dependencies: Target.Dependency...) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A library that wraps one outside thing.
func shell(_ name: String, uses dependencies: Target.Dependency...) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// Something that a person runs.
func program(_ name: String, uses dependencies: Target.Dependency...) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one target, in the folder that mirrors it.
func tests(_ name: String, uses dependencies: Target.Dependency...) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: strict)
}

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let logging = product(name: "Logging", package: "swift-log")
    static let metrics = product(name: "Metrics", package: "swift-metrics")
    static let metricsCore = product(name: "CoreMetrics", package: "swift-metrics")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let nioTLS = product(name: "NIOTLS", package: "swift-nio")
    static let nioWebSocket = product(name: "NIOWebSocket", package: "swift-nio")
    static let serviceLifecycle = product(
        name: "ServiceLifecycle",
        package: "swift-service-lifecycle"
    )
    static let toml = product(name: "TOMLKit", package: "TOMLKit")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
}

let package = Package(
    name: "phi-ledger",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "phi-ledger", targets: ["phi-ledger"]),
        .library(name: "PhiLedger", targets: ["PhiLedger"]),
        .library(name: "PhiClient", targets: ["PhiClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            from: "2.28.1",
            traits: []
        ),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C: each has exactly one importer.
        .systemLibrary(
            name: "COpenSSL",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]
        ),
        .systemLibrary(
            name: "CLevelDB",
            providers: [.apt(["libleveldb-dev"]), .brew(["leveldb"])]
        ),
        .target(name: "CHashing"),
        .target(name: "CGenesis"),
        .target(name: "CWeb", exclude: ["page"], linkerSettings: [.linkedLibrary("z")]),
        .target(
            name: "CReference",
            linkerSettings: [.linkedLibrary("crypto"), .linkedLibrary("leveldb")]
        ),

        // The core, in order of dependency.
        pure("PhiCrypto", uses: "CHashing", "COpenSSL"),
        pure("PhiLedger", uses: "PhiCrypto"),
        pure("PhiWire", uses: "PhiCrypto", "PhiLedger"),
        pure("PhiConsensus", uses: "PhiCrypto", "PhiLedger"),
        pure("PhiChain", uses: "PhiCrypto", "PhiLedger", "PhiConsensus"),
        pure("PhiMeetings", uses: "PhiCrypto", "PhiLedger", "PhiConsensus"),
        pure("PhiNode", uses: "PhiCrypto", "PhiLedger", "PhiWire", "PhiConsensus", "PhiChain"),
        pure(
            "PhiSimulation",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiWire",
            "PhiConsensus",
            "PhiChain",
            "PhiMeetings",
            "PhiNode"
        ),

        // The shell.
        shell("PhiLevelDB", uses: "CLevelDB", "PhiChain"),
        shell(
            "PhiTransport",
            uses: "PhiCrypto",
            .logging,
            .nioCore,
            .nioPosix,
            .nioSSL,
            .nioTLS,
            .serviceLifecycle
        ),
        shell("PhiAPI", uses: "CGenesis", "PhiCrypto", "PhiLedger", "PhiConsensus", "PhiMeetings"),
        shell(
            "PhiRPC",
            uses: "CWeb",
            "PhiCrypto",
            "PhiAPI",
            .hummingbirdCore,
            .logging,
            .metricsCore,
            .nioCore,
            .nioHTTP1,
            .nioPosix,
            .nioSSL,
            .nioWebSocket,
            .serviceLifecycle
        ),
        shell(
            "PhiClient",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiConsensus",
            "PhiMeetings",
            "PhiAPI",
            .asyncHTTPClient,
            .nioCore,
            .nioHTTP1
        ),
        shell(
            "PhiChat",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiMeetings",
            "PhiAPI",
            "PhiClient"
        ),
        shell(
            "PhiDaemon",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiWire",
            "PhiConsensus",
            "PhiChain",
            "PhiMeetings",
            "PhiNode",
            "PhiLevelDB",
            "PhiTransport",
            "PhiAPI",
            "PhiRPC",
            "PhiClient",
            .logging,
            .metrics,
            .metricsCore,
            .serviceLifecycle,
            .toml,
            .unixSignals
        ),

        // Programs.
        program(
            "phi-ledger",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiChain",
            "PhiMeetings",
            "PhiAPI",
            "PhiClient",
            "PhiChat",
            "PhiDaemon",
            .argumentParser,
            .logging
        ),
        program(
            "phi-measure",
            uses: "CReference",
            "PhiCrypto",
            "PhiLedger",
            "PhiWire",
            "PhiConsensus",
            "PhiChain",
            "PhiMeetings",
            "PhiNode",
            "PhiLevelDB",
            "PhiAPI",
            "PhiRPC",
            "PhiClient",
            "PhiTransport",
            .argumentParser,
            .logging,
            .nioCore,
            .nioPosix,
            .nioSSL,
            .nioTLS
        ),

        program(
            "phi-simulate",
            uses: "PhiCrypto",
            "PhiSimulation",
            .argumentParser
        ),

        // A peer that keeps to no rule, for tests and by hand.
        .executableTarget(
            name: "phi-ledger-badpeer",
            dependencies: [
                "PhiCrypto",
                "PhiLedger",
                "PhiWire",
                "PhiConsensus",
                "PhiAPI",
                "PhiTransport",
                "PhiTesting",
                .argumentParser,
                .nioCore,
                .nioPosix,
                .nioSSL,
            ],
            path: "Tests/phi-ledger-badpeer",
            swiftSettings: strict
        ),

        // Tests.
        .target(
            name: "PhiTesting",
            dependencies: ["PhiCrypto", "PhiLedger", "PhiConsensus", "PhiChain"],
            path: "Tests/PhiTesting",
            swiftSettings: strict
        ),
        tests("PhiAPI", uses: "PhiCrypto", "PhiLedger", "PhiMeetings", "PhiAPI", "PhiTesting"),
        tests("PhiChain", uses: "PhiCrypto", "PhiLedger", "PhiConsensus", "PhiChain", "PhiTesting"),
        tests(
            "PhiChat",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiConsensus",
            "PhiMeetings",
            "PhiAPI",
            "PhiClient",
            "PhiChat",
            "PhiTesting"
        ),
        tests(
            "PhiClient",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiConsensus",
            "PhiMeetings",
            "PhiAPI",
            "PhiClient",
            "PhiTesting"
        ),
        tests(
            "PhiCommand",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiWire",
            "PhiAPI",
            "PhiTesting"
        ),
        tests("PhiConsensus", uses: "PhiCrypto", "PhiLedger", "PhiConsensus", "PhiTesting"),
        tests("PhiCrypto", uses: "PhiCrypto", "PhiTesting"),
        tests(
            "PhiDaemon",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiWire",
            "PhiConsensus",
            "PhiChain",
            "PhiMeetings",
            "PhiNode",
            "PhiLevelDB",
            "PhiAPI",
            "PhiClient",
            "PhiDaemon",
            "PhiTesting",
            .logging,
            .metricsCore,
            .serviceLifecycle
        ),
        tests("PhiLedger", uses: "PhiCrypto", "PhiLedger", "PhiTesting"),
        tests("PhiLevelDB", uses: "PhiChain", "PhiLevelDB", "PhiTesting"),
        tests(
            "PhiMeetings",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiConsensus",
            "PhiMeetings",
            "PhiTesting"
        ),
        tests(
            "PhiNode",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiWire",
            "PhiConsensus",
            "PhiChain",
            "PhiNode",
            "PhiSimulation",
            "PhiTesting"
        ),
        tests(
            "PhiRPC",
            uses: "PhiAPI",
            "PhiCrypto",
            "PhiRPC",
            .asyncHTTPClient,
            .logging,
            .nioCore,
            .nioHTTP1,
            .nioPosix,
            .serviceLifecycle
        ),
        tests(
            "PhiSimulation",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiWire",
            "PhiConsensus",
            "PhiChain",
            "PhiNode",
            "PhiSimulation"
        ),
        tests("PhiTidy", uses: "PhiTesting"),
        tests(
            "PhiTransport",
            uses: "PhiCrypto",
            "PhiTransport",
            .logging,
            .nioCore,
            .nioEmbedded,
            .nioPosix,
            .nioSSL,
            .serviceLifecycle
        ),
        tests("PhiWire", uses: "PhiCrypto", "PhiLedger", "PhiWire", "PhiTesting"),
    ]
)
