extension Methods {
    private static let memberKeys = MethodDeclaration.Parameter.required(
        "keys",
        .list(of: .key, limit: 1_000),
        "The authors' keys."
    )

    /// Methods that sign with the node's own keystore.
    static let write: [MethodDeclaration] = [
        MethodDeclaration(
            "meeting.create",
            "Opens a meeting, with the node's keystore.",
            [
                .required("title", .text(byteLimit: 256), "The meeting's title."),
                .optional(
                    "reading",
                    .choice(["public", "private"]),
                    "Who can read; private unless said otherwise."
                ),
                .optional(
                    "writing",
                    .choice(["anyone", "link", "named"]),
                    "Who can write; link unless said otherwise."
                ),
                .optional(
                    "lifetime",
                    .height,
                    "Blocks after which the meeting closes by itself; never unless given."
                ),
            ],
            result: .object([
                .always("meeting", .digest, "The meeting's id."),
                .always("link", .text(byteLimit: 1_024), "The link to share."),
                .always("entry", .digest, "The id of the entry that opens it."),
            ]),
            authority: .token
        ),
        MethodDeclaration(
            "meeting.join",
            "Joins a meeting by its link, with the node's keystore.",
            [.required("link", .text(byteLimit: 1_024), "The link that was shared.")],
            result: .named("Written"),
            authority: .token
        ),
        MethodDeclaration(
            "message.send",
            "Writes a message, with the node's keystore.",
            [
                .meeting,
                .required("text", .text(byteLimit: 32_000), "What to say."),
                .optional("replyTo", .digest, "The message that this one answers."),
            ],
            result: .named("Written"),
            authority: .token
        ),
        MethodDeclaration(
            "meeting.admit",
            "Lets authors write in a meeting of named members, with the node's keystore.",
            [.meeting, memberKeys],
            result: .named("Written"),
            authority: .token
        ),
        MethodDeclaration(
            "meeting.revoke",
            "Takes the right to write from authors, with the node's keystore.",
            [
                .meeting, memberKeys,
                .optional(
                    "newEpoch",
                    .boolean,
                    "Whether a new secret is made, so that they cannot read on."
                ),
            ],
            result: .named("Written"),
            authority: .token
        ),
        MethodDeclaration(
            "meeting.close",
            "Closes a meeting and so fixes its minutes, with the node's keystore.",
            [.meeting],
            result: .named("Written"),
            authority: .token
        ),
        MethodDeclaration(
            "meeting.approve",
            "Signs the minutes of a closed meeting, with the node's keystore.",
            [.meeting],
            result: .named("Written"),
            authority: .token
        ),
    ]
}
