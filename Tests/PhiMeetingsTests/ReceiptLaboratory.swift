import PhiConsensus
import PhiCrypto
import PhiLedger

@testable import PhiMeetings

/// A chain of eight blocks with three entries in the fourth, and receipts of the middle one.
struct ReceiptLaboratory {
    static let block = 4
    static let anchor = 2

    var chain: Laboratory
    let entries: [Entry]

    /// Makes the chain; the changes alter the middle entry or its block before they are final.
    init(
        changeDraft: (inout EntryDraft) -> Void = { _ in },
        changeEntry: (Entry) -> Entry = { $0 },
        changeBlock: (inout Header) -> Void = { _ in }
    ) throws {
        chain = try Laboratory()
        for _ in 1..<Self.block { try chain.append() }
        let key = try Laboratory.key(1)
        let meeting = Digest(reading: Laboratory.bytes(2), at: 0)
        var entries: [Entry] = []
        var head = AuthorHead.first
        for number in 0..<3 {
            let signed = try chain.builder(anchor: Self.anchor).message(
                .text("message \(number)"),
                to: meeting,
                in: nil,
                salt: Laboratory.salt(number),
                head: head,
                key: key
            )
            head = signed.head
            guard number == 1 else {
                entries.append(try chain.stamped(signed))
                continue
            }
            var draft = signed.draft
            changeDraft(&draft)
            let changed = try SignedEntry(signing: draft, with: key)
            entries.append(changeEntry(try chain.stamped(changed)))
        }
        self.entries = entries
        chain.append(try chain.child(entries, change: changeBlock))
        for _ in 0..<4 { try chain.append() }
    }

    func receipt(
        anchor: Receipt.LinkedHeader? = nil,
        confirmations: [Header]? = nil,
        tip: Receipt.LinkedHeader? = nil
    ) -> Receipt {
        let block = Self.block
        return Receipt(
            parameters: chain.network.parameters,
            genesis: chain.headers[0],
            entry: entries[1],
            includesPayload: true,
            header: chain.headers[block],
            index: 1,
            proof: Laboratory.path(1, entries.map(\.leaf)),
            anchor: anchor ?? linked(Self.anchor, path: chain.historyPath(2, below: block)),
            confirmations: confirmations ?? Array(chain.headers[block + 1...block + 2]),
            tip: tip ?? linked(8, path: chain.historyPath(block, below: 8))
        )
    }

    func linked(_ height: Int, path: [Digest]) -> Receipt.LinkedHeader {
        Receipt.LinkedHeader(header: chain.headers[height], path: path)
    }

    /// The text with some bytes of a line changed.
    func text(_ key: ReceiptLine, _ change: (inout [UInt8]) -> Void) throws -> String {
        var text = ReceiptText(receipt().text)
        try text.change(key, change)
        return text.text
    }

    /// The text with a header changed and mined again.
    func text(_ key: ReceiptLine, header change: (inout Header) -> Void) throws -> String {
        var text = ReceiptText(receipt().text)
        var header = try Header(decoding: try text.bytes(key))
        change(&header)
        try text.set(key, Laboratory.mined(header).encoded)
        return text.text
    }
}
