extension Schemas {
    static let entrySchemas: [(name: String, shape: ValueShape)] = [
        (
            "Entry",
            .object([
                .always("id", .digest, "The entry's id."),
                .sometimes("kind", .text(byteLimit: 16), "What the entry is."),
                .sometimes("meeting", .digest, "The meeting's id; zeros in the one that opens it."),
                .sometimes("author", .key, "Who signed."),
                .sometimes("seq", .count, "The number among the author's entries there."),
                .sometimes("previous", .digest, "The author's entry before."),
                .sometimes("time", .time, "When the author says it was written."),
                .sometimes("payload", .optional(.base64(byteLimit: 32_768)), "Salt and content."),
                .sometimes(
                    "raw",
                    .base64(byteLimit: Methods.entryByteLimit),
                    "Envelope and payload."
                ),
                .sometimes("status", .named("EntryStatus"), "Where the entry stands."),
                .sometimes("proof", .anything, "The proof that the block holds the entry."),
            ])
        ),
        (
            "EntryStatus",
            .object([
                .always("entry", .digest, "The entry's id."),
                .always(
                    "status",
                    .choice([
                        "unknown", "sending", "pending", "recorded", "settled", "deep", "returned",
                        "expired",
                    ]),
                    "The step on the ladder of delivery."
                ),
                .sometimes("height", .height, "The height of its block."),
                .sometimes("depth", .count, "How many blocks stand on it, its own included."),
            ])
        ),
        (
            "Receipt",
            .object([.always("receipt", .text(byteLimit: 1 << 20), "The receipt's text.")])
        ),
        (
            "StampQuote",
            .object([
                .always("work", .work, "The least work that is accepted."),
                .always("hashes", .count, "The same, as an expected number of hashes."),
            ])
        ),
        (
            "AuthorHead",
            .object([
                .always("author", .key, "The author."),
                .always("seq", .count, "The number of the next entry."),
                .always("previous", .digest, "The predecessor that the next entry names."),
                .always("pending", .count, "How many entries wait for a block."),
            ])
        ),
        (
            "Written",
            .object([
                .always("entry", .digest, "The id of the entry that was written."),
                .always("status", .named("EntryStatus"), "Where it stands."),
            ])
        ),
    ]

    static let meetingSchemas: [(name: String, shape: ValueShape)] = [
        (
            "Meeting",
            .object([
                .always("meeting", .digest, "The meeting's id."),
                .always("host", .key, "Who opened it."),
                .always("state", .choice(["open", "closed"]), "Whether it can be written to."),
                .sometimes("reading", .choice(["public", "private"]), "Who can read."),
                .sometimes("writing", .choice(["anyone", "link", "named"]), "Who can write."),
                .sometimes("title", .optional(.base64(byteLimit: 256)), "The title's bytes."),
                .sometimes("openedAt", .height, "The height of its first block."),
                .sometimes("closesAfter", .optional(.height), "The last height it is open at."),
                .sometimes("entries", .count, "How many entries it has."),
            ])
        ),
        (
            "Member",
            .object([
                .always("author", .key, "The author's key."),
                .always("state", .choice(["host", "member", "revoked"]), "What it may do."),
                .sometimes("agreementKey", .optional(.key), "The key for new epochs."),
            ])
        ),
        (
            "Minutes",
            .object([
                .always("meeting", .digest, "The meeting's id."),
                .always("closed", .boolean, "Whether count and root are fixed."),
                .always("count", .count, "How many entries the record has."),
                .always("root", .digest, "The root over their envelopes."),
                .sometimes(
                    "approvals",
                    .list(of: .named("Entry"), limit: 4_096),
                    "Who signed the minutes."
                ),
                .sometimes("entries", .list(of: .named("Entry"), limit: 500), "The record."),
                .sometimes("next", .optional(.text(byteLimit: 256)), "The next cursor."),
            ])
        ),
    ]
}
