public import PhiCrypto
public import PhiLedger
public import PhiMeetings

/// What a person keeps of a meeting that they opened or joined.
public struct KeptMeeting: Equatable, Sendable {
    /// Secrets of one meeting at most.
    public static let secretLimit = 4_096
    /// Bytes of a title at most.
    public static let titleByteLimit = 1_024
    /// Entries that wait in one meeting at most.
    static let outboxLimit: UInt16 = 1_024
    /// Bytes of an entry at most, on any network.
    static let entryByteLimit: UInt32 = 1 << 20

    /// The network.
    public let chain: Digest
    /// The meeting.
    public let meeting: Digest
    /// The salt of the own `open`, from which the host's key follows; nil for a guest.
    public var hostSalt: [UInt8]?
    /// The secrets held, the oldest first; the last is the one that a link carries now.
    public var secrets: [MeetingSecret]
    /// Nodes that the link names.
    public var peers: [LinkPeer]
    /// The title as it was last seen; empty while unknown.
    public var title: String
    /// Signed entries that are not known to be recorded, in their order.
    ///
    /// No other entry of a number is signed while one with it is here.
    public var outbox: [Entry]
    /// Whether the minutes are to be signed once the meeting has ended and its end is settled.
    public var approvesMinutes = false

    /// A meeting of which only the id is known.
    public init(
        chain: Digest,
        meeting: Digest,
        hostSalt: [UInt8]? = nil,
        secrets: [MeetingSecret] = [],
        peers: [LinkPeer] = [],
        title: String = "",
        outbox: [Entry] = []
    ) {
        self.chain = chain
        self.meeting = meeting
        self.hostSalt = hostSalt
        self.secrets = secrets
        self.peers = peers
        self.title = title
        self.outbox = outbox
    }

    /// Whether the person is the host.
    public var isHost: Bool { hostSalt != nil }

    /// The link as it can be shared now.
    public func link(prefix: String) -> MeetingLink {
        MeetingLink(meeting: meeting, prefix: prefix, secret: secrets.last, peers: peers)
    }

    /// Takes in a secret as the newest, unless it is held already.
    public mutating func learn(_ secret: MeetingSecret) {
        guard !secrets.contains(secret), secrets.count < Self.secretLimit else { return }
        secrets.append(secret)
    }

    /// Takes in what a link says.
    public mutating func learn(_ link: MeetingLink) {
        if let secret = link.secret { learn(secret) }
        if !link.peers.isEmpty { peers = link.peers }
    }
}

extension KeptMeeting {
    /// What follows, as bits of one byte.
    private enum Flag {
        static let hostSalt: UInt8 = 1
        static let entry: UInt8 = 2
        static let entries: UInt8 = 4
        static let approvesMinutes: UInt8 = 8
        static let all: UInt8 = 15
    }

    private var flags: UInt8 {
        (hostSalt == nil ? 0 : Flag.hostSalt)
            | (outbox.count == 1 ? Flag.entry : outbox.isEmpty ? 0 : Flag.entries)
            | (approvesMinutes ? Flag.approvesMinutes : 0)
    }

    func append(to bytes: inout [UInt8]) {
        meeting.append(to: &bytes)
        chain.append(to: &bytes)
        bytes.append(flags)
        bytes.append(contentsOf: hostSalt ?? [])
        bytes.append(littleEndian: UInt16(secrets.count))
        for secret in secrets { bytes.append(contentsOf: secret.exposed()) }
        bytes.append(UInt8(peers.count))
        for peer in peers {
            bytes.append(contentsOf: peer.address)
            peer.identity.append(to: &bytes)
        }
        let text = Array(title.utf8.prefix(Self.titleByteLimit))
        bytes.append(littleEndian: UInt16(text.count))
        bytes.append(contentsOf: text)
        if outbox.count > 1 { bytes.append(littleEndian: UInt16(outbox.count)) }
        for entry in outbox {
            bytes.append(littleEndian: UInt32(entry.bytes.count))
            bytes.append(contentsOf: entry.bytes)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        meeting = try reader.fixed("meeting")
        chain = try reader.fixed("chain")
        let flags = try reader.integer("flags", as: UInt8.self)
        guard flags & ~Flag.all == 0 else {
            throw .unknown(field: "flags", found: UInt64(flags))
        }
        hostSalt = flags & Flag.hostSalt == 0 ? nil : try reader.take(Entry.saltByteCount, "salt")
        secrets = []
        for _ in 0..<(try reader.integer("secrets", atMost: UInt16(Self.secretLimit))) {
            let bytes = try reader.take(MeetingSecret.byteCount, "secret")
            guard let secret = MeetingSecret(bytes) else { continue }
            secrets.append(secret)
        }
        peers = []
        for _ in 0..<(try reader.integer("peers", atMost: UInt8(MeetingLink.peerLimit))) {
            let address = try reader.take(LinkPeer.addressByteCount, "address")
            let identity: VerifyingKey = try reader.fixed("identity")
            guard let peer = LinkPeer(address: address, identity: identity) else { continue }
            peers.append(peer)
        }
        let count = try reader.integer("title", atMost: UInt16(Self.titleByteLimit))
        title = String(decoding: try reader.take(Int(count), "title"), as: UTF8.self)
        approvesMinutes = flags & Flag.approvesMinutes != 0
        var waiting: UInt16 = flags & Flag.entry == 0 ? 0 : 1
        if flags & Flag.entries != 0 {
            waiting = try reader.integer("entries", atMost: Self.outboxLimit)
        }
        outbox = []
        for _ in 0..<waiting {
            let size = try reader.integer("entry", atMost: Self.entryByteLimit)
            let entry = try Entry(
                decoding: try reader.take(Int(size), "entry"),
                payloadLimit: Self.entryByteLimit
            )
            outbox.append(entry)
        }
    }
}
