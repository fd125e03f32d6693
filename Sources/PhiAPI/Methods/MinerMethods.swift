extension Methods {
    static let miner: [MethodDeclaration] = [
        MethodDeclaration(
            "miner.set",
            "Turns mining on or off and sets how much of one core it uses.",
            [
                .optional("enabled", .boolean, "Whether the node mines."),
                .optional("dutyPercent", .integer(1...100), "The share of one core, in percent."),
            ],
            result: .object([
                .always("enabled", .boolean, "Whether the node mines."),
                .always("dutyPercent", .integer(1...100), "The share of one core, in percent."),
            ]),
            authority: .token
        ),
        MethodDeclaration(
            "miner.generate",
            "Mines blocks at once; only on a development network.",
            [.required("blocks", .integer(1...1_000), "How many blocks.")],
            result: .object([
                .always("blocks", .list(of: .digest, limit: 1_000), "Their hashes in order.")
            ]),
            authority: .token,
            isDevelopmentOnly: true
        ),
    ]
}
