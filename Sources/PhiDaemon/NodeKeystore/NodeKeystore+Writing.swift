import PhiAPI
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings

extension NodeKeystore {
    /// Answers `message.send`.
    func send(_ parameters: Parameters) async throws(APIError) -> [UInt8] {
        let meeting = try parameters.digest("meeting")
        let text = try parameters.string("text", byteLimit: 32_000)
        let replied = try parameters.optionalDigest("replyTo")
        let content = replied.map { MessageContent.reply(to: $0, text) } ?? .text(text)
        return try await inTurn(meeting) { () throws(APIError) in
            let view = try await view(of: meeting)
            let role = try role(in: view)
            try view.checkWriter(author(role))
            let epoch = try await epoch(of: view, as: role)
            return try await written(try await write(content, in: epoch, of: view, as: role))
        }
    }

    /// The epoch to seal under; nil where the meeting is public.
    ///
    /// A host brings deliveries to an end first that were cut off.
    private func epoch(
        of view: MeetingView,
        as role: Role
    ) async throws(APIError) -> EpochSecret? {
        guard view.isPrivate else { return nil }
        if case .host = role { try await serve(view, role) }
        let walk = try walk(view, as: role)
        guard let epoch = walk.epochs.currentSecret else {
            throw .secretMissing(epoch: walk.epochs.current)
        }
        if try kept(view.id)?.secrets.contains(epoch.secret) != true {
            try await learn(epoch.secret, of: view.id)
        }
        return epoch
    }

    /// Writes a message.
    func write(
        _ content: MessageContent,
        in epoch: EpochSecret?,
        of view: MeetingView,
        as role: Role
    ) async throws(APIError) -> Digest {
        try await write(in: view.id, as: role) {
            builder,
            head,
            key throws(EntryBuilderFailure) in
            try builder.message(
                content,
                to: view.id,
                in: epoch,
                salt: Chance.bytes(Entry.saltByteCount),
                head: head,
                key: key
            )
        }
    }

    /// Answers `meeting.close`.
    func close(_ parameters: Parameters) async throws(APIError) -> [UInt8] {
        let meeting = try parameters.digest("meeting")
        return try await inTurn(meeting) { () throws(APIError) in
            let view = try await view(of: meeting)
            let role = try hostRole(in: view)
            guard !view.isEnding else { throw .context(.meetingClosed) }
            let id = try await write(in: meeting, as: role) {
                builder,
                head,
                key throws(EntryBuilderFailure) in
                let salt = Chance.bytes(Entry.saltByteCount)
                return try builder.close(meeting, salt: salt, head: head, key: key)
            }
            try await approveLater(meeting)
            return try await written(id)
        }
    }

    /// Answers `meeting.approve`.
    func approve(_ parameters: Parameters) async throws(APIError) -> [UInt8] {
        let meeting = try parameters.digest("meeting")
        return try await inTurn(meeting) { () throws(APIError) in
            let view = try await view(of: meeting)
            let role = try role(in: view)
            guard let state = view.state, view.isClosed else { throw .context(.meetingStillOpen) }
            guard try !view.author(author(role)).hasApproved else {
                throw .context(.alreadyApproved)
            }
            return try await written(try await sign(minutesOf: state, view, role))
        }
    }

    /// Signs the minutes of a meeting that has ended.
    func sign(
        minutesOf state: MeetingState,
        _ view: MeetingView,
        _ role: Role
    ) async throws(APIError) -> Digest {
        try await write(in: view.id, as: role) {
            builder,
            head,
            key throws(EntryBuilderFailure) in
            try builder.approve(
                state.minutes,
                endedBy: state.close,
                of: view.id,
                salt: Chance.bytes(Entry.saltByteCount),
                head: head,
                key: key
            )
        }
    }
}
