/// The objects that several methods answer with.
public enum Schemas {
    /// Each schema by its name: the documents, and what the methods with a keystore answer.
    public static let all: [(name: String, shape: ValueShape)] =
        DocumentShapes.all + [("Written", written)]

    private static let written = ValueShape.object([
        .always("entry", .digest, "The id of the entry that was written."),
        .always("status", .named("EntryStatus"), "Where it stands."),
    ])
}
