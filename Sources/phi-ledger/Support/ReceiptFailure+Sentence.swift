import PhiLedger
import PhiMeetings

extension ReceiptFailure {
    /// Why the receipt is refused, for a person.
    var sentence: String {
        switch self {
        case .tooLong, .tooManyLines, .notUTF8, .otherTitle, .lineCount, .notBase64, .notNumber,
            .byteCount, .header, .parameters, .targetLimit, .zeroSpan:
            formSentence
        case .target, .proofOfWork, .genesisHeight, .otherParameters, .notLinked, .tooSoon, .idle,
            .difficulty, .bits, .chainWork:
            chainSentence
        case .entryVersion, .otherChain, .signature, .payloadOverLimit, .stampBelowMinimum,
            .stampFails, .payloadByteCount, .payloadHash:
            entrySentence
        default: placeSentence
        }
    }

    private var formSentence: String {
        switch self {
        case .tooLong(let limit, let found): "it has \(found) bytes, a receipt at most \(limit)"
        case .tooManyLines(let limit): "it has more than \(limit) lines"
        case .notUTF8: "it is not UTF-8 text"
        case .otherTitle: "its first line is not that of a receipt"
        case .lineCount(let line, let found): "the line “\(line.rawValue)” comes \(found) times"
        case .notBase64(let line): "the line “\(line.rawValue)” is not valid base64"
        case .notNumber(let line): "the line “\(line.rawValue)” is not a plain number"
        case .byteCount(let line, let expected, let found):
            "the line “\(line.rawValue)” has \(found) bytes, \(expected) are needed"
        case .header(let line, let failure):
            "the header of “\(line.rawValue)” is malformed: \(failure)"
        case .parameters(let failure): "the network's parameters are malformed: \(failure)"
        case .targetLimit(_, let found): "the network's pow_limit_log2 of \(found) is impossible"
        case .zeroSpan(let parameter): "the network's \(parameter) is zero"
        default: "\(self)"
        }
    }

    private var chainSentence: String {
        switch self {
        case .target(let line, _): "the target of the header of “\(line.rawValue)” is impossible"
        case .proofOfWork(let line, let height):
            "the header of “\(line.rawValue)” at height \(height) does not show its work"
        case .genesisHeight(let height): "the genesis header has height \(height)"
        case .otherParameters: "the genesis header commits to other parameters"
        case .notLinked(let height): "the header at height \(height) has another parent"
        case .tooSoon(let height): "the header at height \(height) is too near to its parent"
        case .idle(let height): "the header at height \(height) forgives another idle time"
        case .difficulty(let height, _): "the header at height \(height) has an impossible time"
        case .bits(let height, _, _): "the header at height \(height) has another target"
        case .chainWork(let height): "the header at height \(height) claims other work"
        default: "\(self)"
        }
    }

    private var entrySentence: String {
        switch self {
        case .entryVersion(let version): "the entry has the unknown version \(version)"
        case .otherChain: "the entry belongs to another chain than the genesis header"
        case .signature: "the author's signature is wrong"
        case .payloadOverLimit(let limit, let found):
            "the content has \(found) bytes, the network allows \(limit)"
        case .stampBelowMinimum(let minimum, let found):
            "the stamp declares \(found) hashes, \(minimum) are needed"
        case .stampFails: "the stamp does not show the work that it declares"
        case .payloadByteCount(let expected, let found):
            "the content has \(found) bytes, the entry names \(expected)"
        case .payloadHash: "the content is not the one that was signed"
        default: "\(self)"
        }
    }

    private var placeSentence: String {
        switch self {
        case .path, .notInBlock: "the entry is not in the block"
        case .anchorNotBelow: "the anchor is not below the block"
        case .expired(let limit, let found):
            "the entry was \(found) blocks old, at most \(limit) are allowed"
        case .otherAnchor: "the anchor is not the block that the author named"
        case .anchorPath, .notAncestor: "the anchor is not an ancestor of the block"
        case .tipPath, .notInHistory: "the block is not in the tip's history"
        case .tipWork: "the tip names no more work than the block"
        case .trustedBlockAbsent: "the block that you trust is not in the receipt"
        default: "\(self)"
        }
    }
}
