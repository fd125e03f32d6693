public import PhiLedger

/// Things to come, by time, and among equals in the order in which they were planned.
public struct EventQueue<Item> {
    private struct Slot {
        let time: Timestamp
        let order: UInt64
        let item: Item
    }

    private var heap: [Slot] = []
    private var nextOrder: UInt64 = 0

    /// Nothing to come.
    public init() {}

    /// The time of the next thing.
    public var nextTime: Timestamp? { heap.first?.time }

    /// Plans a thing for a time.
    public mutating func add(_ item: Item, at time: Timestamp) {
        heap.append(Slot(time: time, order: nextOrder, item: item))
        nextOrder += 1
        var child = heap.count - 1
        while child > 0, precedes(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the next thing out, or nil where there is none.
    public mutating func next() -> (time: Timestamp, item: Item)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return (first.time, first.item) }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && precedes(child, least) {
                least = child
            }
            guard least != parent else { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return (first.time, first.item)
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (heap[left].time, heap[left].order) < (heap[right].time, heap[right].order)
    }
}
