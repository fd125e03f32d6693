import PhiAPI
import PhiChain
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiNode

extension NodeKeystore {
    /// Answers `meeting.admit`.
    func admit(_ parameters: Parameters) async throws(APIError) -> [UInt8] {
        let meeting = try parameters.digest("meeting")
        let keys = try parameters.keys("keys", limit: Int(AuthorList.limit))
        return try await inTurn(meeting) { () throws(APIError) in
            let view = try await view(of: meeting)
            let role = try hostRole(in: view)
            guard !view.isEnding else { throw .context(.meetingClosed) }
            guard view.terms.writing == .named else { throw .context(.notNamedMeeting) }
            let id = try await write(in: meeting, as: role) {
                builder,
                head,
                key throws(EntryBuilderFailure) in
                let salt = Chance.bytes(Entry.saltByteCount)
                return try builder.admit(keys, to: meeting, salt: salt, head: head, key: key)
            }
            return try await written(id)
        }
    }

    /// Answers `meeting.revoke`.
    func revoke(_ parameters: Parameters) async throws(APIError) -> [UInt8] {
        let meeting = try parameters.digest("meeting")
        let keys = try parameters.keys("keys", limit: Int(AuthorList.limit))
        return try await inTurn(meeting) { () throws(APIError) in
            let view = try await view(of: meeting)
            let role = try hostRole(in: view)
            guard !view.isEnding else { throw .context(.meetingClosed) }
            let renews = try parameters.bool("newEpoch", default: view.isPrivate)
            guard renews || !keys.isEmpty else {
                throw .invalidParameter("keys", "The field “keys” names nobody.")
            }
            guard !renews || view.terms.needsSecret else {
                throw .invalidParameter(
                    "newEpoch",
                    "The meeting is public and has no link that admits. Leave “newEpoch” out."
                )
            }
            let id =
                renews
                ? try await renew(view, role, revoking: keys)
                : try await revoke(
                    MeetingChange(revoked: keys, linkKey: view.linkKey, readCheck: .zero),
                    view,
                    role
                )
            return try await written(id)
        }
    }

    private func revoke(
        _ change: MeetingChange,
        _ view: MeetingView,
        _ role: Role
    ) async throws(APIError) -> Digest {
        try await write(in: view.id, as: role) {
            builder,
            head,
            key throws(EntryBuilderFailure) in
            let salt = Chance.bytes(Entry.saltByteCount)
            return try builder.revoke(change, in: view.id, salt: salt, head: head, key: key)
        }
    }

    /// Revokes with a fresh secret, and hands that to everybody who stays.
    ///
    /// The secret is on the disk before the entry leaves: an epoch whose secret is lost would be
    /// read by nobody.
    private func renew(
        _ view: MeetingView,
        _ role: Role,
        revoking keys: [VerifyingKey]
    ) async throws(APIError) -> Digest {
        if view.isPrivate {
            try await serve(view, role)
            let walk = try walk(view, as: role)
            guard walk.epochs.currentSecret != nil else {
                throw .secretMissing(epoch: walk.epochs.current)
            }
        }
        guard let secret = MeetingSecret(Chance.bytes(MeetingSecret.byteCount)) else {
            throw .internalFailure
        }
        let change: MeetingChange
        do {
            change = try MeetingChange(revoked: keys, renewing: secret, terms: view.terms)
        } catch { throw failed(error) }
        try await learn(secret, of: view.id)
        let id: Digest
        do { id = try await revoke(change, view, role) } catch {
            try await update(view.id) { $0?.secrets.removeAll { $0 == secret } }
            throw error
        }
        if view.isPrivate {
            do {
                try await serve(try await self.view(of: view.id), role)
            } catch { throw error.afterRevoke }
        }
        return id
    }

    /// Delivers the present epoch's secret to every member who was there when the epoch began and
    /// has not got it.
    ///
    /// What was delivered is read from the chain and the pool, so a delivery that was cut off is
    /// brought to its end by the host's next entry.
    func serve(_ view: MeetingView, _ role: Role) async throws(APIError) {
        let walk = try walk(view, as: role)
        guard walk.epochs.current > 0, !walk.isDelivered else { return }
        guard let present = walk.epochs.currentSecret else {
            throw .secretMissing(epoch: walk.epochs.current)
        }
        let before = present.number - 1
        guard let old = walk.epochs.secret(of: before) else {
            throw .secretMissing(epoch: before)
        }
        let start: EpochStart
        do {
            start = try EpochStart(
                of: present,
                after: old,
                meeting: view.id,
                for: try unserved(view, walk, EpochSecret(number: before, secret: old)),
                freshSeed: { Chance.bytes(MeetingSecret.byteCount) }
            )
        } catch let error as APIError { throw error } catch { throw failed(error) }
        let under = EpochSecret(number: before, secret: old)
        for delivery in start.deliveries {
            _ = try await write(.epoch(delivery), in: under, of: view, as: role)
        }
        if !walk.hasBridge, let bridge = start.bridge {
            _ = try await write(.epoch(bridge), in: present, of: view, as: role)
        }
        // While the epoch's own entry waits, members may still be recorded before it.
        if walk.start != nil { markDelivered(view.id) }
    }

    private func unserved(
        _ view: MeetingView,
        _ walk: EpochWalk,
        _ epoch: EpochSecret
    ) throws(APIError) -> [EpochMember] {
        let revoked = view.revokedByPool
        let circle = try circle(view, walk, epoch)
        var found: [EpochMember] = []
        var cursor: KeyCursor?
        repeat {
            let page = try Self.read { () throws(StoreFailure) in
                try view.chain.members(of: view.id, host: view.host, after: cursor, count: 500)
            }
            for member in page.members {
                let key = member.author
                guard key != view.host, member.state.standing != .revoked,
                    !member.state.agreementKey.isZero, !revoked.contains(key),
                    !walk.served.contains(key), circle?.contains(key) ?? true,
                    try wasThere(key, view, walk)
                else { continue }
                found.append(
                    EpochMember(author: key, agreementKey: member.state.agreementKey)
                )
            }
            cursor = page.next
        } while cursor != nil
        guard walk.start == nil else { return found }
        return found
            + Self.joining(view).filter { member in
                !walk.served.contains(member.author) && circle?.contains(member.author) ?? true
            }
    }

    /// Who had the secret of an epoch, where anyone may write and so anyone may join; nil elsewhere,
    /// since consensus lets in only those whom link or host admitted.
    private func circle(
        _ view: MeetingView,
        _ walk: EpochWalk,
        _ epoch: EpochSecret
    ) throws(APIError) -> EpochCircle? {
        guard view.terms.writing == .anyone else { return nil }
        var circle = EpochCircle(
            terms: view.terms,
            host: view.host,
            epochs: walk.epochs,
            in: epoch
        )
        var query = HistoryQuery(.meeting(view.id), count: HistoryQuery.limit)
        repeat {
            let page = try Self.read { () throws(StoreFailure) in try view.chain.history(query) }
            for recorded in page.entries { circle.take(recorded.entry) }
            query.cursor = page.next
        } while query.cursor != nil
        for pooled in view.pooled { circle.take(pooled.valid.entry) }
        return circle
    }

    /// Authors whose `join` waits like the epoch's own entry, and came before it.
    private static func joining(_ view: MeetingView) -> [EpochMember] {
        let revoked = view.revokedByPool
        return view.pooled.compactMap { pooled in
            let author = pooled.valid.entry.author
            guard case .join(let admission) = pooled.valid.payload, author != view.host,
                !admission.agreementKey.isZero, !revoked.contains(author)
            else { return nil }
            return EpochMember(author: author, agreementKey: admission.agreementKey)
        }
    }

    /// Whether an author came before the present epoch; whoever came later has its link.
    private func wasThere(
        _ key: VerifyingKey,
        _ view: MeetingView,
        _ walk: EpochWalk
    ) throws(APIError) -> Bool {
        guard let start = walk.start, let place = try view.firstEntry(of: key)?.place else {
            return true
        }
        return place < start
    }
}

extension MeetingTerms {
    /// Whether the meeting has a secret.
    fileprivate var needsSecret: Bool {
        MeetingPlan.needsSecret(reading: reading, writing: writing)
    }
}

extension APIError {
    /// The same error, for a caller whose authors are shut out already.
    fileprivate var afterRevoke: APIError {
        APIError(
            code: code,
            message: "The authors are shut out, but not every member has the new secret yet; the "
                + "next message in the meeting brings it. \(message)",
            data: data
        )
    }
}
