extension Methods {
    private static let peerKey = MethodDeclaration.Parameter.required(
        "peer",
        .key,
        "The peer's key."
    )

    static let peer: [MethodDeclaration] = [
        MethodDeclaration(
            "peer.list",
            "The peers that the node is connected with or knows.",
            [.limit, .cursor],
            result: .page(of: .named("Peer"), named: "peers"),
            authority: .openOnLoopback
        ),
        MethodDeclaration(
            "peer.add",
            "Connects with a peer and keeps trying.",
            [
                .required("address", .text(byteLimit: 300), "Host and port, such as “[::1]:7447”."),
                .optional(
                    "via",
                    .choice(PeerOrigin.allCases.map(\.rawValue)),
                    "Who told of it: a person, or a link; manual unless said otherwise."
                ),
            ],
            result: .done,
            authority: .token
        ),
        MethodDeclaration(
            "peer.remove",
            "Ends the connection with a peer and forgets its address.",
            [peerKey],
            result: .done,
            authority: .token
        ),
        MethodDeclaration(
            "peer.ban",
            "Refuses a peer for some time.",
            [
                peerKey,
                .optional(
                    "seconds",
                    .integer(1...31_536_000),
                    "For how long; a day unless said otherwise."
                ),
            ],
            result: .done,
            authority: .token
        ),
    ]
}
