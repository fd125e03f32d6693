/// The description of all methods in the form that OpenRPC 1.x defines.
public enum OpenRPC {
    /// The version of the specification that the document follows.
    public static let specificationVersion = "1.3.2"

    /// Builds the document from the declarations that dispatch uses.
    ///
    /// Methods of development networks are listed where they are asked for.
    public static func document(version: String, includesDevelopment: Bool = false) -> JSON {
        let listed = Methods.all.filter { includesDevelopment || !$0.isDevelopmentOnly }
        return [
            "openrpc": .string(specificationVersion),
            "info": [
                "title": "Phi", "version": .string(version),
                "description": "A decentralized ledger of signed messages and meetings.",
            ],
            "methods": .array(listed.map(description)),
            "components": [
                "schemas": .object(Schemas.all.map { ($0.name, $0.shape.schema) }),
                "errors": .object(errors),
            ],
        ]
    }

    private static func description(of method: MethodDeclaration) -> JSON {
        [
            "name": .string(method.name),
            "summary": .string(method.summary),
            "tags": [["name": .string(String(method.name.prefix { $0 != "." }))]],
            "paramStructure": "either",
            "params": .array(
                method.parameters.map { parameter in
                    [
                        "name": .string(parameter.name),
                        "summary": .string(parameter.summary),
                        "required": .bool(parameter.isRequired),
                        "schema": parameter.shape.schema,
                    ]
                }
            ),
            "result": [
                "name": .string("\(method.name) result"),
                "schema": method.result.schema,
            ],
            "errors": .array(
                errors.map { ["$ref": .string("#/components/errors/\($0.0)")] }
            ),
            "x-authority": .string(method.authority.rawValue),
        ]
    }

    private static let errors: [(String, JSON)] = [
        ("NotFound", ["code": -32_001, "message": "What was asked for is not in the ledger."]),
        ("RuleBroken", ["code": -32_002, "message": "A rule is broken; data names it."]),
        ("NotAuthorized", ["code": -32_003, "message": "The node's token is needed."]),
        ("Busy", ["code": -32_004, "message": "Too fast; data.retryAfterMs says when."]),
        ("Pruned", ["code": -32_005, "message": "Dropped here; data.from is the first kept."]),
        ("Syncing", ["code": -32_006, "message": "The node is still catching up."]),
    ]
}
