import PhiAPI
import PhiChain
import PhiClient
import PhiDaemon
import PhiMeetings

/// What each failure means for the exit status, and its sentence.
enum Failure {
    /// The status and the sentence of a failure; nil for one of the command line's parser.
    static func describe(_ error: any Error) -> (ExitStatus, String?)? {
        switch error {
        case let failure as CommandFailure: (failure.status, failure.sentence)
        case let failure as ReportedFailure: (failure.status, nil)
        case let failure as ClientFailure: describe(failure)
        case let failure as ParticipantFailure: (status(of: failure), failure.description)
        case let failure as KeystoreFailure: (.failed, failure.description)
        case let failure as FileFailure: (.failed, failure.description)
        case let failure as ConfigurationFailure: (.usage, failure.description)
        case let failure as OfflineFailure: (.failed, failure.description)
        case let failure as NodeFailure: (.failed, failure.description)
        case let failure as StoreFailure:
            (.failed, OfflineFailure.store(failure).description)
        case is CancellationError: (.interrupted, "Interrupted; nothing more is done.")
        default: nil
        }
    }

    private static func describe(_ failure: ClientFailure) -> (ExitStatus, String?) {
        switch failure {
        case .malformedAddress: (.usage, failure.description)
        case .unreachable, .notNode: (.unreachable, failure.description)
        case .timedOut: (.timedOut, failure.description)
        case .canceled: (.interrupted, "Interrupted; nothing more is done.")
        case .otherDocument: (.failed, failure.description)
        case .refused(let error): describe(error, failure)
        }
    }

    private static func describe(
        _ error: APIError,
        _ failure: ClientFailure
    ) -> (ExitStatus, String?) {
        if let rule = failure.brokenRule {
            return (.refused, "\(error.message) (rule: \(rule))")
        }
        guard error.code == APIError.Code.notAuthorized else { return (.failed, error.message) }
        return (
            .failed,
            "The node wants its token for this; name its rpc.token with --token-file."
        )
    }

    private static func status(of failure: ParticipantFailure) -> ExitStatus {
        switch failure {
        case .waitedTooLong, .expired: .timedOut
        case .notHost, .stillOpen, .builder, .earlierWaits, .unfit: .refused
        case .otherNetwork, .link, .linkNeeded, .wrongSecret, .epochSecretMissing,
            .minutesMismatch, .wrongEntry, .sequenceTaken, .epoch, .crypto:
            .failed
        }
    }
}
