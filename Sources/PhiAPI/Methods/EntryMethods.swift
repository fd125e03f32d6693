extension Methods {
    /// The most bytes that an entry can have: the envelope and the greatest payload.
    public static let entryByteLimit = 284 + 32_768

    private static let entryID = MethodDeclaration.Parameter.required(
        "entry",
        .digest,
        "The entry's id."
    )

    static let entry: [MethodDeclaration] = [
        MethodDeclaration(
            "entry.get",
            "One entry, from a block or from the mempool.",
            [entryID, .form, .proof],
            result: .named("Entry")
        ),
        MethodDeclaration(
            "entry.status",
            "Where an entry stands on the ladder of delivery, and how deep.",
            [entryID],
            result: .named("EntryStatus")
        ),
        MethodDeclaration(
            "entry.receipt",
            "The receipt of an entry: a text that anyone can check without a node.",
            [
                entryID,
                .optional("tip", .block, "The later block that the receipt leads to."),
                .optional(
                    "confirmations",
                    .integer(0...100),
                    "How many following headers the receipt shows; 3 unless said otherwise."
                ),
                .optional(
                    "includePayload",
                    .boolean,
                    "Whether the content is in the receipt; true unless said otherwise."
                ),
            ],
            result: .named("Receipt")
        ),
        MethodDeclaration(
            "entry.submit",
            "Takes a signed and stamped entry and answers once it is safely in the mempool.",
            [
                .required(
                    "entry",
                    .base64(byteLimit: entryByteLimit),
                    "The envelope of 284 bytes and then the payload."
                )
            ],
            result: .named("Submitted")
        ),
    ]
}
