extension MethodDeclaration.Parameter {
    static let meeting = required("meeting", .digest, "The meeting's id.")
    static let form = optional(
        "form",
        .choice(Form.allCases.map(\.rawValue)),
        "Whether fields or the protocol's bytes are given back; decoded unless said otherwise."
    )
    static let limit = optional(
        "limit",
        .integer(PageLimit.range),
        "How many items the page may have; 100 unless said otherwise."
    )
    static let cursor = optional(
        "cursor",
        .text(byteLimit: Topic.cursorByteLimit),
        "Where to go on, as the page before gave it."
    )
    static let direction = optional(
        "direction",
        .choice(Direction.allCases.map(\.rawValue)),
        "From old to new or from new to old; forward unless said otherwise."
    )
    static let fromHeight = optional("from", .height, "The first height of the range.")
    static let toHeight = optional("to", .height, "The last height of the range.")
    static let includePending = optional(
        "includePending",
        .boolean,
        "Whether entries that are in no block yet come too; false unless said otherwise."
    )
    static let proof = optional(
        "proof",
        .boolean,
        "Whether each entry comes with the proof that its block holds it."
    )
}

extension ValueShape {
    /// A page of items with the cursor of the next one.
    static func page(of shape: ValueShape, named name: String) -> ValueShape {
        .object([
            .always(
                name,
                .list(of: shape, limit: Int(PageLimit.range.upperBound)),
                "The items in order."
            ),
            .always("next", .optional(.text(byteLimit: Topic.cursorByteLimit)), "The next cursor."),
        ])
    }

    /// What a method answers that only does something.
    static let done = ValueShape.object([.always("done", .boolean, "True when it was done.")])
}
