import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// Something that shall be written into the meeting.
enum ChatWish: Sendable {
    /// A message that stands on the screen already.
    case say(draft: UInt64, String)
    /// What the author is called from now on.
    case name(String)
    /// The signature under the minutes.
    case approve
    /// The host's signature, where its time has come.
    case tend
}

/// Writes what a person wants, one after another, and tries again while the node is away.
struct ChatPost: Sendable {
    private static let firstPause = Duration.milliseconds(500)
    private static let longestPause = Duration.seconds(15)

    let participant: Participant
    let meeting: Digest
    let tell: @Sendable (ChatEvent) -> Void

    /// Writes until the wishes end or the task is canceled.
    func run(_ wishes: AsyncStream<ChatWish>) async {
        for await wish in wishes {
            guard !Task.isCancelled else { return }
            do { try await fulfill(wish) } catch is CancellationError { return } catch {
                guard !Task.isCancelled else { return }
                tell(.progress(nil))
                let reason = ChatFeed.sentence(error)
                if case .say(let draft, _) = wish {
                    tell(.refused(.draft(draft), reason: reason))
                } else {
                    tell(.note(reason, isFailure: true))
                }
            }
        }
    }

    /// Writes a content as soon as the node takes it; throws why it never will.
    func write(_ content: MessageContent) async throws {
        let id = try await patiently { try await participant.sign(content, in: meeting) }
        _ = try await patiently { try await participant.deliver(id, of: meeting) }
    }

    private func fulfill(_ wish: ChatWish) async throws {
        switch wish {
        case .say(let draft, let text):
            let id = try await patiently { try await participant.sign(.text(text), in: meeting) }
            tell(.signed(draft: draft, id))
            try await deliver(id)
        case .name(let name):
            let content = MessageContent.profile(Profile(name: name))
            let id = try await patiently { try await participant.sign(content, in: meeting) }
            try await deliver(id)
        case .approve:
            let written = try await participant.approve(meeting)
            tell(.delivered(written.status))
            tell(.note("You signed the minutes.", isFailure: false))
        case .tend:
            guard case .signed(let written)? = try? await participant.tend(meeting) else { return }
            tell(.delivered(written.status))
            tell(.note("The end is settled: the minutes are signed.", isFailure: false))
        }
    }

    private func deliver(_ id: Digest) async throws {
        do {
            let status = try await patiently {
                try await participant.deliver(id, of: meeting)
            }
            tell(.delivered(status))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            tell(.refused(.entry(id), reason: ChatFeed.sentence(error)))
        }
        tell(.progress(nil))
    }

    /// Does something as soon as the node lets it.
    private func patiently<Value>(_ body: () async throws -> Value) async throws -> Value {
        var pause = Self.firstPause
        while true {
            do { return try await body() } catch {
                guard Self.mayPass(error) else { throw error }
                tell(.progress("waiting to send: \(ChatFeed.sentence(error))"))
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Whether waiting alone may help.
    private static func mayPass(_ error: any Error) -> Bool {
        switch error {
        case ParticipantFailure.earlierWaits: true
        case ClientFailure.unreachable, ClientFailure.timedOut, ClientFailure.notNode: true
        case ClientFailure.refused(let error):
            error.code == APIError.Code.ruleBroken
                ? error.mayPass
                : [APIError.Code.busy, APIError.Code.syncing].contains(error.code)
        default: false
        }
    }
}
