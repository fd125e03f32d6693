extension Methods {
    static let mempool: [MethodDeclaration] = [
        MethodDeclaration(
            "mempool.info",
            "How much waits for a block, and what a place costs.",
            result: .named("MempoolInfo"),
            authority: .openOnLoopback
        ),
        MethodDeclaration(
            "mempool.list",
            "The entries that wait for a block.",
            [.limit, .cursor],
            result: .page(of: .named("Entry"), named: "entries"),
            authority: .openOnLoopback
        ),
    ]
}
