import PhiCrypto
import PhiLedger

extension JSONWriter {
    mutating func member(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    mutating func member(_ name: String, ifAny value: String?) {
        guard let value else { return }
        member(name, value)
    }

    mutating func member(_ name: String, orNull value: String?) {
        self.name(name)
        if let value { string(value) } else { null() }
    }

    mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    mutating func member(_ name: String, _ value: some FixedWidthInteger) {
        self.name(name)
        integer(value)
    }

    mutating func member(_ name: String, ifAny value: (some FixedWidthInteger)?) {
        guard let value else { return }
        member(name, value)
    }

    mutating func member(_ name: String, _ value: some FixedBytes32) {
        self.name(name)
        hexadecimal(value)
    }

    mutating func member(_ name: String, ifAny value: (some FixedBytes32)?) {
        guard let value else { return }
        member(name, value)
    }

    mutating func member(_ name: String, _ values: [some FixedBytes32]) {
        self.name(name)
        beginArray()
        for value in values { hexadecimal(value) }
        endArray()
    }

    mutating func member(_ name: String, _ values: [String]) {
        self.name(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    mutating func member(_ name: String, _ value: Height) { member(name, value.rawValue) }

    mutating func member(_ name: String, ifAny value: Height?) {
        guard let value else { return }
        member(name, value.rawValue)
    }

    mutating func member(_ name: String, _ value: Timestamp) { member(name, value.milliseconds) }

    mutating func member(_ name: String, _ value: Work) { member(name, value.hex) }

    mutating func member(_ name: String, base64 value: some Collection<UInt8>) {
        self.name(name)
        base64(value)
    }

    /// Writes a number of 64 bits as 16 digits, since readers' numbers may have 53 bits only.
    mutating func member(_ name: String, digits value: UInt64) {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: value)
        self.name(name)
        hexadecimal(bytes)
    }
}
