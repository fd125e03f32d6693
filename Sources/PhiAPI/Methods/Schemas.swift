/// The objects that several methods answer with.
public enum Schemas {
    /// Each schema by its name.
    public static let all: [(name: String, shape: ValueShape)] =
        nodeSchemas + chainSchemas + entrySchemas + meetingSchemas

    private static let nodeSchemas: [(name: String, shape: ValueShape)] = [
        (
            "NodeInfo",
            .object([
                .always("version", .text(byteLimit: 64), "The program's version."),
                .always("network", .anything, "Name, chain id and bech32m prefix."),
                .always("tip", .named("Header"), "The last block of the best chain."),
                .always("sync", .anything, "How far the node has caught up."),
                .always("limits", .anything, "Sizes, stamp rate, expiry."),
                .always("pruned", .anything, "From which height contents are kept."),
                .always(
                    "addresses",
                    .list(of: .text(byteLimit: 300), limit: 64),
                    "Where the node listens."
                ),
            ])
        ),
        (
            "Health",
            .object([
                .always("healthy", .boolean, "Whether every check passed."),
                .always("checks", .anything, "Each check by name."),
            ])
        ),
        (
            "Peer",
            .object([
                .always("peer", .key, "The peer's key."),
                .always("address", .text(byteLimit: 300), "Where it is reached."),
                .always("connected", .boolean, "Whether it is connected now."),
            ])
        ),
        (
            "MempoolInfo",
            .object([
                .always("entries", .count, "How many entries wait."),
                .always("bytes", .count, "How many bytes they have."),
            ])
        ),
    ]

    private static let chainSchemas: [(name: String, shape: ValueShape)] = [
        (
            "Header",
            .object([
                .always("height", .height, "The place in the chain."),
                .always("hash", .digest, "The hash of the header."),
                .sometimes("previous", .digest, "The parent's hash."),
                .sometimes("time", .time, "When the block was made."),
                .sometimes("idle", .count, "Milliseconds that the difficulty rule forgives."),
                .sometimes("bits", .count, "The target in compact form."),
                .sometimes("nonce", .text(byteLimit: 16), "The nonce as hexadecimal digits."),
                .sometimes("chainWork", .work, "The work of the chain up to here."),
                .sometimes("entriesRoot", .digest, "The root over the block's entries."),
                .sometimes("historyRoot", .digest, "The root over earlier headers."),
                .sometimes("entryCount", .count, "How many entries the block has."),
                .sometimes("bodyBytes", .count, "How many bytes its body has."),
                .sometimes("raw", .base64(byteLimit: 156), "The header's bytes."),
            ])
        ),
        (
            "Block",
            .object([
                .always("header", .named("Header"), "The header."),
                .sometimes("entries", .list(of: .named("Entry"), limit: 2_048), "The entries."),
                .sometimes("raw", .base64(byteLimit: 524_288), "The body's bytes."),
            ])
        ),
    ]
}
