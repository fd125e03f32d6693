import PhiAPI
public import PhiCrypto
import PhiLedger
import PhiMeetings

/// How far the host's signature under the minutes of a meeting is.
public enum MinutesProgress: Equatable, Sendable {
    /// Nothing is to be signed here: the meeting goes on, or is not this person's to sign.
    case nothing
    /// The meeting has ended, and its end is not settled yet.
    case waits
    /// The minutes were signed now.
    case signed(WrittenEntry)
    /// They were signed before, and that is not settled yet.
    case pending
    /// They were signed before, and that is settled.
    case done
}

extension Participant {
    /// Blocks that stand on an end before it is taken for settled where no `close` tells of it.
    private static let settledDepth: UInt64 = 12

    /// Signs the minutes of a meeting of this host once its end is settled, and again where a
    /// reorganization has changed them.
    ///
    /// - Parameter meeting: A meeting that the keystore knows.
    /// - Returns: How far it is.
    /// - Throws: Why the node did not answer, or that it gives other entries than it claims.
    public func tend(_ meeting: Digest) async throws -> MinutesProgress {
        let contents = try keystore.contents()
        guard let kept = contents[meeting], kept.isHost, kept.approvesMinutes else {
            return .nothing
        }
        let looked = try await node.ifKnown { try await node.meeting(meeting) }
        guard let found = looked, !found.isOpen else { return .nothing }
        guard try await isEndSettled(found) else { return .waits }
        let author = try Self.author(of: kept, in: contents)
        var signed: Digest?
        try await node.forEachEntry(of: meeting, on: network, by: author, withPending: true) {
            let entry = $0.entry
            guard entry.kind == .approve,
                try Approval(decoding: entry.payload).minutes == found.minutes
            else { return }
            signed = $0.id
        }
        guard let signed else { return .signed(try await approve(meeting)) }
        guard try await node.status(of: signed).status.rank >= DeliveryStep.settled.rank else {
            return .pending
        }
        try await keystore.exclusively { held in
            try held.update(meeting) { $0?.approvesMinutes = false }
        }
        return .done
    }

    /// Tends all meetings that this person ended.
    ///
    /// - Returns: The approvals that were signed.
    /// - Throws: What ``tend(_:)`` throws, at the first meeting.
    public func tendAll() async throws -> [WrittenEntry] {
        var signed: [WrittenEntry] = []
        let waiting = try keystore.contents().all.filter { kept in
            kept.approvesMinutes && kept.isHost && kept.chain == network.chain
        }
        for kept in waiting {
            guard case .signed(let written) = try await tend(kept.meeting) else { continue }
            signed.append(written)
        }
        return signed
    }

    private func isEndSettled(_ meeting: MeetingDocument) async throws -> Bool {
        if let close = meeting.close {
            return try await node.status(of: close).status.rank >= DeliveryStep.settled.rank
        }
        guard let last = meeting.lastOpenHeight else { return false }
        return UInt64(try await node.tip().height.rawValue) >= last + Self.settledDepth
    }
}
