import ArgumentParser
import PhiAPI
import PhiCrypto

/// What became of one file that was checked.
protocol FileCheck {
    var isValid: Bool { get }
    var json: JSON { get }

    /// The verdict for people; the file's name stands before it where there are several.
    func text(_ namesFile: Bool) -> String
}

extension ReceiptCheck: FileCheck {}

extension MinutesCheck: FileCheck {}

/// What commands take that check files of evidence.
struct VerifyOptions: ParsableArguments {
    @Option(name: .long, help: "The hash of a block that you know to be in the right chain.")
    var header: Digest?

    @OptionGroup var output: OutputOptions

    /// Refuses to read standard input twice.
    static func validate(_ files: [String]) throws {
        guard files.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("Standard input can give one file only.")
        }
    }

    /// Shows what becomes of each file; the command fails where one of them is not valid.
    func check(_ files: [String], by judge: (String) throws -> some FileCheck) throws {
        var areAllValid = true
        for file in files {
            let check = try judge(file)
            areAllValid = areAllValid && check.isValid
            output.console.emit(check.json, check.text(files.count > 1))
        }
        guard areAllValid else { throw ReportedFailure(status: .refused) }
    }
}
