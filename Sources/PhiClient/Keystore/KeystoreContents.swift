public import PhiCrypto
import PhiLedger

/// What a keystore holds: who somebody is, and the meetings that they take part in.
public struct KeystoreContents: Equatable, Sendable {
    /// Meetings at most.
    public static let meetingLimit: UInt32 = 1 << 16

    /// The seed that all keys follow from.
    public let seed: IdentitySeed
    /// The number of this device, so that two devices with one seed never share a key.
    public let device: UInt32
    private var meetings: [Digest: KeptMeeting] = [:]

    /// A keystore without meetings.
    public init(seed: IdentitySeed, device: UInt32) {
        self.seed = seed
        self.device = device
    }

    /// The meetings in the order of their ids.
    public var all: [KeptMeeting] {
        meetings.values.sorted { $0.meeting < $1.meeting }
    }

    /// What is kept of a meeting, or nil; setting nil forgets it.
    public subscript(meeting: Digest) -> KeptMeeting? {
        get { meetings[meeting] }
        set { meetings[meeting] = newValue }
    }

    var encoded: [UInt8] {
        var bytes = seed.exposed()
        bytes.append(littleEndian: device)
        bytes.append(littleEndian: UInt32(meetings.count))
        for meeting in all { meeting.append(to: &bytes) }
        return bytes
    }

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let seedBytes = try reader.take(IdentitySeed.byteCount, "seed")
        guard let seed = IdentitySeed(seedBytes) else { throw .zero(field: "seed") }
        self.seed = seed
        device = try reader.integer("device")
        var last: Digest?
        for index in 0..<(try reader.integer("meetings", atMost: Self.meetingLimit)) {
            let meeting = try KeptMeeting(from: &reader)
            if let last, meeting.meeting <= last {
                throw .notAscending(field: "meetings", index: Int(index))
            }
            last = meeting.meeting
            meetings[meeting.meeting] = meeting
        }
        try reader.finish()
    }
}
