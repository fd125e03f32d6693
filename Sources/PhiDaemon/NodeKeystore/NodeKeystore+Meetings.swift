import PhiAPI
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiNode
import PhiTransport

extension NodeKeystore {
    /// Answers `meeting.create`.
    func create(_ parameters: Parameters) async throws(APIError) -> [UInt8] {
        let title = try parameters.string("title", byteLimit: Int(MeetingTerms.titleByteLimit))
        let reading = try policy("reading", parameters, ReadingPolicy.allCases, \.name)
        let writing = try policy("writing", parameters, WritingPolicy.allCases, \.name)
        let needsSecret = MeetingPlan.needsSecret(
            reading: reading ?? .secretHolders,
            writing: writing ?? .link
        )
        let plan = MeetingPlan(
            title: title,
            reading: reading ?? .secretHolders,
            writing: writing ?? .link,
            lifetime: try parameters.height("lifetime") ?? 0,
            secret: needsSecret ? MeetingSecret(Chance.bytes(MeetingSecret.byteCount)) : nil
        )
        let peers = LinkPeer.callable(await node.introductions())
        let salt = Chance.bytes(Entry.saltByteCount)
        let role = Role.host(salt: salt)
        // The key is as fresh as the salt, so nobody waits for the same turn.
        return try await inTurn(SHA256.hash(salt)) { () throws(APIError) in
            let open = try sign(role, .first) { builder, head, key throws(EntryBuilderFailure) in
                try builder.open(plan, salt: salt, head: head, key: key)
            }
            var kept = KeptMeeting(
                chain: node.network.chain,
                meeting: open.id,
                hostSalt: salt,
                secrets: plan.secret.map { [$0] } ?? [],
                peers: peers,
                title: title
            )
            kept.approvesMinutes = plan.lifetime > 0
            let ready = kept
            try await update(open.id) { $0 = ready }
            do throws(APIError) {
                if let refusal = try await deliver(fresh: open) { throw .refused(refusal) }
            } catch {
                try await update(open.id) { $0 = nil }
                throw error
            }
            return Self.opened(kept.link(prefix: node.network.prefix))
        }
    }

    private func policy<Policy>(
        _ name: String,
        _ parameters: Parameters,
        _ policies: [Policy],
        _ word: (Policy) -> String
    ) throws(APIError) -> Policy? {
        guard let text = try parameters.optionalString(name, byteLimit: 16) else { return nil }
        guard let policy = policies.first(where: { word($0) == text }) else {
            let words = policies.map { "“\(word($0))”" }.joined(separator: ", ")
            throw .invalidParameter(name, "The field “\(name)” must be one of \(words).")
        }
        return policy
    }

    /// Answers `meeting.join`.
    func join(_ parameters: Parameters) async throws(APIError) -> [UInt8] {
        let text = try parameters.string("link", byteLimit: MeetingLink.characterLimit)
        let reference: MeetingReference
        do { reference = try MeetingReference(text, prefix: node.network.prefix) } catch {
            throw .invalidParameter(
                "link",
                "The field “link” is no link to a meeting of this network. Copy it anew."
            )
        }
        if case .link(let link) = reference {
            for peer in link.peers.compactMap(Configuration.Peer.init) {
                let address = peer.address
                await node.addPeer(address.host, Int(address.port), peer.identity, .link)
            }
        }
        return try await inTurn(reference.meeting) { () throws(APIError) in
            let view = try await view(of: reference.meeting)
            let role = try role(in: view)
            try await take(reference, view, role)
            let author = try author(role)
            if let first = try view.firstEntry(of: author)?.entry {
                guard first.kind == .join else {
                    throw .context(.joinNotFirst(sequence: first.sequence + 1))
                }
                return try await written(first.id)
            }
            return try await written(try await join(view, role, reference.secret))
        }
    }

    /// Checks the secret of a link against what the chain says, and keeps the link.
    private func take(
        _ reference: MeetingReference,
        _ view: MeetingView,
        _ role: Role
    ) async throws(APIError) {
        if view.isPrivate {
            let walk = try walk(view, as: role)
            let known = walk.epochs.currentSecret?.secret
            guard let secret = reference.secret ?? known else {
                throw .invalidParameter(
                    "link",
                    "The meeting is private. Give its whole link, with the part after “#”."
                )
            }
            var epochs = walk.epochs
            guard let epoch = try? epochs.learn(secret), epoch == epochs.current else {
                throw .staleLink
            }
        }
        let chain = node.network.chain
        let meeting = view.id
        let isRight = view.isPrivate ? true : try admits(reference.secret, view)
        try await update(meeting) { kept in
            var changed = kept ?? KeptMeeting(chain: chain, meeting: meeting)
            if case .link(let link) = reference, isRight { changed.learn(link) }
            kept = changed
        }
    }

    /// Whether a secret's key is the one that admits now; anywhere but by link none is needed.
    private func admits(
        _ secret: MeetingSecret?,
        _ view: MeetingView
    ) throws(APIError) -> Bool {
        guard view.terms.writing == .link else { return true }
        do { return try secret?.linkKey().verifyingKey == view.linkKey } catch {
            throw failed(error)
        }
    }

    private func join(
        _ view: MeetingView,
        _ role: Role,
        _ given: MeetingSecret?
    ) async throws(APIError) -> Digest {
        guard !view.isEnding else { throw .context(.meetingClosed) }
        guard try view.author(author(role)).standing != .revoked else { throw .context(.revoked) }
        var secret: MeetingSecret?
        if view.terms.writing == .link {
            guard !view.linkKey.isZero else { throw .context(.linkClosed) }
            let held = try kept(view.id)?.secrets.last
            secret = given ?? held
            guard try admits(secret, view) else { throw .staleLink }
        }
        let agreement: AgreementPublicKey?
        do {
            agreement =
                view.isPrivate ? try keys.agreement(meeting: view.id).publicKey : nil
        } catch { throw failed(error) }
        return try await write(in: view.id, as: role) {
            builder,
            _,
            key throws(EntryBuilderFailure) in
            try builder.join(
                view.id,
                with: secret,
                agreementKey: agreement,
                salt: Chance.bytes(Entry.saltByteCount),
                key: key
            )
        }
    }
}
