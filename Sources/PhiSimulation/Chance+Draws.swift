import PhiNode

extension SeededChance {
    /// Chance of its own for one purpose, so that no other purpose's draws change it.
    init(seed: UInt64, for purpose: Purpose, _ index: Int = 0) {
        var print = Fingerprint()
        print.absorb(seed)
        print.absorb(purpose.rawValue)
        print.absorb(UInt64(index))
        self.init(seed: print.value)
    }

    /// A number in a range.
    mutating func draw(_ range: ClosedRange<UInt64>) -> UInt64 {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// A place in a list of so many.
    mutating func index(_ count: Int) -> Int { Int(below(UInt64(count))) }

    /// Whether something happens that happens so many times of a hundred.
    mutating func percent(_ share: UInt64) -> Bool { below(100) < share }

    /// One of several, each as likely.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[index(elements.count)]
    }
}

/// What chance is drawn for, each from a stream of its own.
enum Purpose: UInt64 {
    /// The shape of the whole scenario.
    case scenario = 1
    /// One fault.
    case fault
    /// What a node leaves to chance.
    case node
    /// What a disk does.
    case disk
    /// When messages arrive.
    case network
    /// Who finds blocks, and when.
    case mining
    /// Who writes what.
    case writing
    /// How long judging takes.
    case judging
    /// What dishonest peers do.
    case dishonesty
}
