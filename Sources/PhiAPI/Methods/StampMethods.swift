extension Methods {
    static let stamp: [MethodDeclaration] = [
        MethodDeclaration(
            "stamp.quote",
            "How much work an entry needs now.",
            [
                .required(
                    "payloadBytes",
                    .integer(16...32_768),
                    "The size of the payload, its salt of 16 bytes included."
                ),
                .optional(
                    "kind",
                    .choice(["message", "open", "join", "admit", "revoke", "close", "approve"]),
                    "The kind of the entry; message unless said otherwise."
                ),
                .optional(
                    "seq",
                    .count,
                    "The entry's number among its author's; 1 unless said otherwise."
                ),
            ],
            result: .named("StampQuote")
        ),
        MethodDeclaration(
            "stamp.work",
            "Does the work for a signed entry and gives the entry back stamped.",
            [
                .required(
                    "entry",
                    .base64(byteLimit: entryByteLimit),
                    "The signed entry, whatever its stamp."
                ),
                .optional("work", .work, "The work to declare; what is needed now unless given."),
            ],
            result: .object([
                .always("entry", .base64(byteLimit: entryByteLimit), "The entry with its stamp."),
                .always("work", .work, "The declared work."),
            ]),
            authority: .token
        ),
    ]
}
