import Foundation
import PhiCrypto
import PhiLedger
import Testing

/// The rows of the difficulty rule, made by the reference program.
struct DifficultySample: Decodable {
    let genesisTime: UInt64
    let genesisBits: String
    let rows: [DifficultyRow]

    /// Reads the file of rows.
    static func read(_ data: Data) throws -> DifficultySample {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(DifficultySample.self, from: data)
    }
}

/// A parent, the time of its child and the bits of its child.
struct DifficultyRow: Decodable {
    var parentHeight: UInt32
    var parentTime: UInt64
    var parentIdle: UInt64
    var time: UInt64
    var bits: UInt32

    init(from decoder: any Decoder) throws {
        var columns = try decoder.unkeyedContainer()
        parentHeight = try columns.decode(UInt32.self)
        parentTime = try columns.decode(UInt64.self)
        parentIdle = try columns.decode(UInt64.self)
        time = try columns.decode(UInt64.self)
        bits = try #require(UInt32(columns.decode(String.self), radix: 16))
    }
}

/// The numbers of a header that difficulty is about, read at their places.
struct DifficultyHeader {
    let height: UInt32
    let time: UInt64
    let idle: UInt64
    let bits: UInt32
    let chainWork: Work
    let hash: Digest

    /// The headers of a sample chain.
    static func all(in data: Data) throws -> [DifficultyHeader] {
        struct Chain: Decodable { let headers: [String] }
        return try JSONDecoder().decode(Chain.self, from: data).headers.map(DifficultyHeader.init)
    }

    private init(_ hex: String) throws {
        let digits = hex.compactMap { $0.hexDigitValue.map(UInt8.init) }
        try #require(digits.count == 2 * 156)
        let bytes = stride(from: 0, to: digits.count, by: 2).map {
            digits[$0] << 4 | digits[$0 + 1]
        }
        func number(_ offset: Int, _ count: Int) -> UInt64 {
            bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        height = UInt32(number(4, 4))
        chainWork = Work(reading: bytes, at: 112)
        time = number(128, 8)
        idle = number(136, 8)
        bits = UInt32(number(144, 4))
        hash = SHA256.hash(SHA256.hash(bytes).bytes)
    }
}
