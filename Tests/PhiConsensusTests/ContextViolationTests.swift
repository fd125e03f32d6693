import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A refusal by the chain") struct ContextViolationTests {
    static let key = TestKey("key").verifyingKey

    @Test(
        "may pass",
        arguments: [
            .anchorNotBelow(anchor: Height(2), height: Height(2)),
            .unknownMeeting(.zero),
            .meetingStillOpen,
            .notMember,
            .sequence(expected: 0, found: 1),
            .sequence(expected: 7, found: .max),
        ] as [ContextViolation]
    )
    func mayPass(violation: ContextViolation) {
        #expect(violation.mayPass)
    }

    @Test(
        "stands",
        arguments: [
            .expired(limit: 1, found: 2),
            .meetingClosed,
            .approvalTooLate(limit: 1, found: 2),
            .notHost,
            .revoked,
            .joinNotFirst(sequence: 1),
            .admissionNotZero,
            .linkClosed,
            .admission(.mismatch),
            .sequence(expected: 1, found: 0),
            .sequence(expected: 1, found: 1),
            .previous(expected: .zero),
            .notNamedMeeting,
            .alreadyMember(key),
            .alreadyRevoked(key),
            .nothingToRevoke(key),
            .hostRevoked,
            .linkKeyNotZero,
            .otherClose(expected: .zero),
            .otherMinutes(expected: MinutesDigest(count: 1, root: .zero)),
            .alreadyApproved,
            .tooManyOpenings(limit: 8),
            .tooManyMembers(limit: 4_096, found: 4_097),
        ] as [ContextViolation]
    )
    func stands(violation: ContextViolation) {
        #expect(!violation.mayPass)
    }
}
