extension Methods {
    static let meeting: [MethodDeclaration] = [
        MethodDeclaration(
            "meeting.get",
            "Terms, state and counts of one meeting.",
            [.meeting],
            result: .named("Meeting")
        ),
        MethodDeclaration(
            "meeting.list",
            "Meetings in the order in which they were opened.",
            [
                .limit, .cursor, .direction,
                .optional("state", .choice(["open", "closed"]), "Only meetings in that state."),
            ],
            result: .page(of: .named("Meeting"), named: "meetings")
        ),
        MethodDeclaration(
            "meeting.history",
            "Entries of a meeting, page by page.",
            [
                .meeting, .cursor, .limit, .direction, .fromHeight, .toHeight,
                .optional("author", .key, "Only entries of that author."),
                .includePending, .proof,
            ],
            result: .named("History")
        ),
        MethodDeclaration(
            "meeting.members",
            "Who may write in a meeting, and who was revoked.",
            [.meeting, .limit, .cursor],
            result: .page(of: .named("Member"), named: "members")
        ),
        MethodDeclaration(
            "meeting.minutes",
            "Count and root of a closed meeting, its approvals and its leaves.",
            [.meeting, .limit, .cursor],
            result: .named("Minutes")
        ),
    ]
}
