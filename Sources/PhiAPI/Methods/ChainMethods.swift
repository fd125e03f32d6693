extension Methods {
    private static let block = MethodDeclaration.Parameter.required(
        "block",
        .block,
        "The block's height on the best chain, or its hash."
    )

    static let chain: [MethodDeclaration] = [
        MethodDeclaration(
            "chain.tip",
            "The last block of the best chain.",
            result: .named("Tip")
        ),
        MethodDeclaration(
            "chain.header",
            "The header of one block.",
            [block, .form],
            result: .named("Header")
        ),
        MethodDeclaration(
            "chain.headers",
            "Headers of the best chain in a row.",
            [
                .required("from", .height, "The first height."),
                .limit, .form,
            ],
            result: .page(of: .named("Header"), named: "headers")
        ),
        MethodDeclaration(
            "chain.block",
            "One block with its entries, as far as the node keeps their contents.",
            [block, .form],
            result: .named("Block")
        ),
        MethodDeclaration(
            "chain.acceptReorg",
            "Lets the node follow a reorganization that it held back because it is too deep.",
            [.required("tip", .digest, "The hash of the branch's last block.")],
            result: .named("Header"),
            authority: .token
        ),
    ]
}
