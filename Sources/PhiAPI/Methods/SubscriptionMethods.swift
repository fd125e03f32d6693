extension Methods {
    static let subscription: [MethodDeclaration] = [
        MethodDeclaration(
            "subscribe",
            "Sends live events of a topic over this WebSocket, as notifications “event”.",
            [
                .required(
                    "topic",
                    .text(byteLimit: Topic.byteLimit),
                    "“blocks”, “meeting:<id>”, “author:<key>” or “entry:<id>”."
                ),
                .optional(
                    "cursor",
                    .text(byteLimit: Topic.cursorByteLimit),
                    "The cursor of the last event seen, to go on after it."
                ),
            ],
            result: .object([
                .always("subscription", .text(byteLimit: 20), "The name to unsubscribe by."),
                .always("topic", .text(byteLimit: Topic.byteLimit), "The topic."),
            ])
        ),
        MethodDeclaration(
            "unsubscribe",
            "Ends a subscription of this WebSocket.",
            [.required("subscription", .text(byteLimit: 20), "The name that subscribe gave.")],
            result: .done
        ),
    ]
}
