// swift-tools-version: 6.3
import PackageDescription

// The core is built anew here, from the same files, with the coverage counters that libFuzzer
// reads and with internal declarations in reach. No package from elsewhere is needed.

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

/// A target of the ledger, or where only parts are in reach, those of its files.
func ledger(
    _ name: String,
    in folder: String = "Core",
    uses dependencies: Target.Dependency...
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        path: "\(folder)/\(name)",
        swiftSettings: strict + [.unsafeFlags(["-enable-testing"])]
    )
}

let package = Package(
    name: "phi-fuzz",
    platforms: [.macOS(.v15)],
    targets: [
        .systemLibrary(name: "COpenSSL", path: "Core/COpenSSL"),
        .target(name: "CHashing", path: "Core/CHashing"),
        .target(name: "CGenesis", path: "Core/CGenesis"),

        ledger("PhiCrypto", uses: "CHashing", "COpenSSL"),
        ledger("PhiLedger", uses: "PhiCrypto"),
        ledger("PhiWire", uses: "PhiCrypto", "PhiLedger"),
        ledger("PhiConsensus", uses: "PhiCrypto", "PhiLedger"),
        ledger("PhiChain", uses: "PhiCrypto", "PhiLedger", "PhiConsensus"),
        ledger("PhiMeetings", uses: "PhiCrypto", "PhiLedger", "PhiConsensus"),
        ledger("PhiNode", uses: "PhiCrypto", "PhiLedger", "PhiWire", "PhiConsensus", "PhiChain"),
        ledger("PhiAPI", uses: "CGenesis", "PhiCrypto", "PhiLedger", "PhiConsensus", "PhiMeetings"),

        // Files of shells that read what others wrote, without what surrounds them there.
        ledger("PhiTransport", in: "Parts", uses: "NIOCore"),
        ledger("PhiClient", in: "Parts", uses: "PhiCrypto", "PhiLedger", "PhiMeetings", "PhiAPI"),
        ledger(
            "PhiDaemon",
            in: "Parts",
            uses: "PhiCrypto",
            "PhiLedger",
            "PhiConsensus",
            "PhiChain",
            "PhiAPI",
            "PhiClient"
        ),
        .target(
            name: "PhiTesting",
            dependencies: ["PhiCrypto", "PhiLedger", "PhiConsensus", "PhiChain"],
            path: "Support",
            exclude: ["SharedFolder.swift"],
            swiftSettings: strict
        ),

        // A stand-in for the part of SwiftNIO that cutting frames needs.
        .target(name: "NIOCore", swiftSettings: strict),
        .target(name: "CMeter", dependencies: ["COpenSSL"]),
        .executableTarget(
            name: "phi-fuzz",
            dependencies: [
                "CMeter", "PhiCrypto", "PhiLedger", "PhiWire", "PhiConsensus", "PhiChain",
                "PhiMeetings", "PhiNode", "PhiAPI", "PhiTransport", "PhiClient", "PhiDaemon",
                "PhiTesting", "NIOCore",
            ],
            path: "Sources/PhiFuzz",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]
        ),
    ]
)
