public import PhiLedger

/// A network as a file: its parameters and genesis header in readable form, and where to begin.
///
/// The file is strict: every field must be there, none besides, and the header must be the mined
/// one for exactly these parameters.
public struct GenesisDocument: Equatable, Sendable {
    /// The only version of the file.
    public static let version: UInt32 = 1
    /// Addresses in one file at most.
    public static let seedLimit = 64
    /// Bytes of an address at most.
    public static let seedByteLimit = 300
    /// Bytes of a file at most.
    public static let byteLimit = 65_536

    /// The network.
    public let network: Network
    /// Addresses of peers to begin with.
    public let seeds: [String]

    /// A document of a network.
    public init(_ network: Network, seeds: [String] = []) throws(GenesisDocumentFailure) {
        guard Self.isName(network.name) else { throw .name(network.name) }
        guard Self.isPrefix(network.prefix) else { throw .prefix(network.prefix) }
        guard seeds.count <= Self.seedLimit else {
            throw .tooManySeeds(limit: Self.seedLimit, found: seeds.count)
        }
        for seed in seeds where !Self.isSeed(seed) { throw .seed(seed) }
        self.network = network
        self.seeds = seeds
    }

    /// Reads a file.
    public init(parsing bytes: [UInt8]) throws(GenesisDocumentFailure) {
        let json: JSON
        do {
            json = try JSON(parsing: bytes, limits: JSONLimits(byteCount: Self.byteLimit))
        } catch { throw .document(.notJSON(error)) }
        let parts = try Self.fields(of: json)
        let network: Network
        do {
            network = try Network(
                name: parts.name,
                prefix: parts.prefix,
                parameters: parts.parameters,
                genesis: parts.header
            )
        } catch { throw .network(error) }
        guard network.chain == parts.chain else { throw .document(.mismatch(field: "chain")) }
        try self.init(network, seeds: parts.seeds)
    }

    private static func fields(of json: JSON) throws(GenesisDocumentFailure) -> GenesisFields {
        let version: UInt32
        let fields: DocumentFields
        do {
            fields = try DocumentFields(json, of: "genesis")
            version = try fields.integer("version")
        } catch { throw .document(error) }
        guard version == Self.version else {
            throw .version(supported: Self.version, found: version)
        }
        do { return try GenesisFields(fields) } catch { throw .document(error) }
    }

    private static func isName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
    }

    private static func isPrefix(_ text: String) -> Bool {
        (1...16).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    private static func isSeed(_ text: String) -> Bool {
        (1...seedByteLimit).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }
}

/// Why a file describes no network.
public enum GenesisDocumentFailure: Error, Equatable, Sendable {
    /// The text is not JSON of the right form.
    case document(DocumentFailure)
    /// The file has another version.
    case version(supported: UInt32, found: UInt32)
    /// The name is not 1 to 32 small letters, digits and hyphens.
    case name(String)
    /// The prefix is not 1 to 16 small letters.
    case prefix(String)
    /// The file names too many addresses.
    case tooManySeeds(limit: Int, found: Int)
    /// An address is empty, too long, or not printable.
    case seed(String)
    /// The parameters and the header make no network.
    case network(GenesisFailure)
}

extension GenesisDocumentFailure: CustomStringConvertible {
    /// One sentence for a person.
    public var description: String {
        switch self {
        case .document(let failure): "the genesis file is not valid: \(failure)"
        case .version(let supported, let found):
            "the genesis file has version \(found), this program reads \(supported)"
        case .name(let name): "the name “\(name)” is not 1 to 32 of a–z, 0–9 and -"
        case .prefix(let prefix): "the prefix “\(prefix)” is not 1 to 16 of a–z"
        case .tooManySeeds(let limit, let found): "there are \(found) seeds, at most \(limit)"
        case .seed(let seed): "the seed “\(seed.prefix(80))” is not a printable address"
        case .network(let failure): Self.describe(failure)
        }
    }

    private static func describe(_ failure: GenesisFailure) -> String {
        switch failure {
        case .parameters(let failure): "the parameters are not possible: \(failure)"
        case .height(let height): "the header has height \(height), a genesis header has 0"
        case .otherParameters: "the header's prev is not the hash of these parameters"
        case .notEmpty: "the header commits to entries, a genesis block has none"
        case .history: "the header's history_root is not that of an empty history"
        case .idle(let idle): "the header forgives \(idle) ms, a genesis header forgives none"
        case .target: "the header's bits are no target that these parameters allow"
        case .time(let time): "the header's time \(time.milliseconds) is out of range"
        case .work: "the header's hash does not meet its bits"
        case .chainWork(let expected, let found):
            "the header's chain_work is \(found.hex), its own work is \(expected.hex)"
        }
    }
}
