import PhiChain
import Testing

@testable import PhiLevelDB

@Suite("A text of the library") struct LibraryMessageTests {
    @Test(
        "is read as the kind of failure that it names",
        arguments: [
            ("IO error: lock /f/LOCK: already held by process", .locked(path: "/f")),
            ("IO error: lock /f/LOCK: Resource temporarily unavailable", .locked(path: "/f")),
            ("IO error: lock /f/LOCK: Permission denied", .locked(path: "/f")),
            (
                "IO error: lock /f/LOCK: No locks available",
                .inputOutput(detail: "IO error: lock /f/LOCK: No locks available")
            ),
            (
                "IO error: /f/LOCK: Permission denied",
                .inputOutput(detail: "IO error: /f/LOCK: Permission denied")
            ),
            (
                "IO error: lock /other/LOCK: already held by process",
                .inputOutput(detail: "IO error: lock /other/LOCK: already held by process")
            ),
            (
                "Corruption: block checksum mismatch",
                .corrupted(detail: "Corruption: block checksum mismatch")
            ),
            (
                "Invalid argument: other comparator",
                .corrupted(detail: "Invalid argument: other comparator")
            ),
            (
                "IO error: /f/000005.ldb: Invalid argument",
                .corrupted(detail: "IO error: /f/000005.ldb: Invalid argument")
            ),
            (
                "IO error: /f/000005.ldb: Input/output error",
                .inputOutput(detail: "IO error: /f/000005.ldb: Input/output error")
            ),
            (
                "IO error: /f/000005.log: Invalid argument",
                .inputOutput(detail: "IO error: /f/000005.log: Invalid argument")
            ),
            (
                "NotFound: /f/000005.log: No such file or directory",
                .inputOutput(detail: "NotFound: /f/000005.log: No such file or directory")
            ),
            ("", .inputOutput(detail: "")),
        ] as [(String, StoreFailure)]
    )
    func kinds(text: String, expected: StoreFailure) {
        #expect(StoreFailure(libraryText: text, folder: "/f") == expected)
    }
}
