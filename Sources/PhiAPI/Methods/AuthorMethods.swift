extension Methods {
    private static let authorKey = MethodDeclaration.Parameter.required(
        "author",
        .key,
        "The author's key."
    )

    static let author: [MethodDeclaration] = [
        MethodDeclaration(
            "author.head",
            "The number and the predecessor that an author's next entry must name.",
            [
                authorKey,
                .optional("meeting", .digest, "The meeting; the author's own feed unless given."),
            ],
            result: .named("AuthorHead")
        ),
        MethodDeclaration(
            "author.history",
            "Entries of one author, page by page.",
            [
                authorKey,
                .optional("meeting", .digest, "Only entries of that meeting."),
                .cursor, .limit, .direction, .fromHeight, .toHeight, .includePending, .proof,
            ],
            result: .named("History")
        ),
    ]
}
