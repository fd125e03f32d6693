public import ArgumentParser
import PhiAPI
public import PhiCrypto

extension Digest: ExpressibleByArgument {
    /// Reads 64 hexadecimal digits.
    public init?(argument: String) { self.init(hex: argument.lowercased()) }
}

extension VerifyingKey: ExpressibleByArgument {
    /// Reads 64 hexadecimal digits.
    public init?(argument: String) { self.init(hex: argument.lowercased()) }
}

/// A block by its height or its hash.
struct BlockArgument: ExpressibleByArgument {
    let reference: BlockReference

    init?(argument: String) {
        if let height = UInt32(argument) {
            reference = .height(height)
        } else if let hash = Digest(hex: argument.lowercased()) {
            reference = .hash(hash)
        } else {
            return nil
        }
    }
}
