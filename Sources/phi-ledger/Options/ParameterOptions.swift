import ArgumentParser
import PhiLedger

/// The numbers of a network that can be chosen; the names are those of its file.
struct ParameterOptions: ParsableArguments {
    @Option(name: .long, help: "Milliseconds between blocks; scales the spans below unless given.")
    var interval: UInt32?

    @Option(name: .long, help: "Milliseconds ahead of schedule that double the difficulty.")
    var halfLife: UInt32?

    @Option(name: .long, help: "Milliseconds between a block and its parent at least.")
    var minSpacing: UInt32?

    @Option(name: .long, help: "Milliseconds of a gap above which the schedule forgives the rest.")
    var idleCap: UInt32?

    @Option(name: .long, help: "Milliseconds of a gap above which the difficulty eases.")
    var grace: UInt32?

    @Option(name: .long, help: "Milliseconds past the grace that halve the difficulty.")
    var emergencyHalfLife: UInt32?

    @Option(name: .long, help: "Milliseconds that a header may lie ahead of the clock.")
    var futureLimit: UInt32?

    @Option(name: .customLong("pow-limit-log2"), help: "The exponent of the easiest target.")
    var targetLimitExponent: UInt16?

    @Option(name: .long, help: "Whether the difficulty follows the schedule: true or false.")
    var retarget: Bool?

    @Option(name: .long, help: "Blocks after its anchor in which an entry can be recorded.")
    var expiry: UInt32?

    @Option(name: .long, help: "Bytes of a block's body at most.")
    var maxBody: UInt32?

    @Option(name: .long, help: "Entries of a block at most.")
    var maxEntries: UInt32?

    @Option(name: .long, help: "Bytes of a payload at most.")
    var maxPayload: UInt32?

    @Option(name: .long, help: "Hashes of stamp work for each byte.")
    var stampRate: UInt32?

    @Option(name: .long, help: "Bytes that every stamp pays beside its entry's.")
    var stampBase: UInt32?

    @Option(name: .long, help: "Blocks whose undo data is kept.")
    var undoWindow: UInt32?

    /// The parameters of another network with these in their place.
    func applied(to base: NetworkParameters) throws -> NetworkParameters {
        var chosen = base
        if let interval {
            chosen.blockInterval = interval
            for path in Self.spans { chosen[keyPath: path] = scaled(base[keyPath: path], base) }
        }
        for (path, value) in given {
            if let value { chosen[keyPath: path] = value }
        }
        if let targetLimitExponent { chosen.targetLimitExponent = targetLimitExponent }
        if let retarget { chosen.retargets = retarget }
        do { try chosen.validate() } catch {
            throw CommandFailure("The network cannot be made: \(error).", status: .usage)
        }
        return chosen
    }

    private typealias Number = WritableKeyPath<NetworkParameters, UInt32>

    /// The spans that keep their relation to the interval.
    private static var spans: [Number] {
        [\.halfLife, \.minimumSpacing, \.idleCap, \.grace, \.emergencyHalfLife, \.futureLimit]
    }

    private var given: [(Number, UInt32?)] {
        [
            (\.halfLife, halfLife), (\.minimumSpacing, minSpacing), (\.idleCap, idleCap),
            (\.grace, grace), (\.emergencyHalfLife, emergencyHalfLife),
            (\.futureLimit, futureLimit), (\.expiry, expiry), (\.maximumBodyBytes, maxBody),
            (\.maximumEntries, maxEntries), (\.maximumPayloadBytes, maxPayload),
            (\.stampRate, stampRate), (\.stampBase, stampBase), (\.undoWindow, undoWindow),
        ]
    }

    private func scaled(_ span: UInt32, _ base: NetworkParameters) -> UInt32 {
        let interval = UInt64(interval ?? base.blockInterval)
        let value = UInt64(span) * interval / UInt64(max(1, base.blockInterval))
        return UInt32(clamping: max(1, value))
    }
}
