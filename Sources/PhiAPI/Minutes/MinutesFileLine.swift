import PhiMeetings

/// One line of a file of minutes: a JSON object with one member.
enum MinutesFileLine {
    /// The first line.
    case format(String)
    /// A line that is judged.
    case minutes(MinutesLine)
    /// The secret of an epoch, which opens texts and changes no verdict.
    case secret
    /// The key of one text, which changes no verdict.
    case key
    /// A line of a later version, which is passed over.
    case other

    /// The format that this program reads.
    static let format = "phi-minutes/v1"

    /// Reads a line.
    init(_ bytes: [UInt8], number: Int, limit: Int) throws(MinutesFileFailure) {
        let json: JSON
        do {
            json = try JSON(parsing: bytes, limits: JSONLimits(byteCount: limit))
        } catch { throw .notJSON(line: number, error) }
        guard case .object(let members) = json, members.count == 1,
            let (name, value) = members.first
        else { throw .notOneMember(line: number) }
        guard let line = Self(name, value) else { throw .malformed(line: number, member: name) }
        self = line
    }

    private init?(_ name: String, _ value: JSON) {
        switch name {
        case "format":
            guard let text = value.string else { return nil }
            self = .format(text)
        case "record":
            guard let record = Self.record(value) else { return nil }
            self = .minutes(.record(record))
        case "approval":
            guard let record = Self.record(value) else { return nil }
            self = .minutes(.approval(record))
        case "receipt":
            guard let text = value.string else { return nil }
            self = .minutes(.receipt(text))
        case "secret":
            guard Self.is32Bytes(value["secret"]) else { return nil }
            self = .secret
        case "key":
            guard Self.is32Bytes(value["key"]) else { return nil }
            self = .key
        default: self = .other
        }
    }

    private static func record(_ value: JSON) -> MinutesRecord? {
        guard case .object(let members) = value,
            members.allSatisfy({ $0.0 == "envelope" || $0.0 == "payload" }),
            let envelope = value["envelope"]?.string.flatMap(Base64.decode)
        else { return nil }
        guard let text = value["payload"] else {
            return MinutesRecord(envelope: envelope, payload: nil)
        }
        guard let payload = text.string.flatMap(Base64.decode) else { return nil }
        return MinutesRecord(envelope: envelope, payload: payload)
    }

    private static func is32Bytes(_ value: JSON?) -> Bool {
        guard let digits = value?.string?.utf8, digits.count == 64 else { return false }
        return digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
