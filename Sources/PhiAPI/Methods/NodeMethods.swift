extension Methods {
    static let node: [MethodDeclaration] = [
        MethodDeclaration(
            "node.info",
            "Version, network, tip, synchronization, limits, pruning and addresses of the node.",
            result: .named("NodeInfo")
        ),
        MethodDeclaration(
            "node.health",
            "Whether the node is alive and has caught up, with each check by name.",
            result: .named("Health")
        ),
        MethodDeclaration(
            "node.stop",
            "Stops the node in good order.",
            result: .done,
            authority: .token
        ),
        MethodDeclaration(
            "rpc.discover",
            "This description of all methods, as an OpenRPC document.",
            result: .anything
        ),
    ]
}
