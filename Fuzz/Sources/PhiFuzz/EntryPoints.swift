import CMeter

#if canImport(Glibc)
    import Glibc
#endif

/// Called by libFuzzer before anything else; words that are no option of its are carried out here.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>>>
) -> CInt {
    let words = Array(CommandLine.arguments.dropFirst())
    if let status = Command.run(words) { exit(status) }
    // What is made once is no input's memory.
    for seed in Catalog.chosen.seeds() { Catalog.chosen.run(seed) }
    return 0
}

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    let target = Catalog.chosen
    guard bytes.count <= target.byteLimit else { return -1 }
    phi_meter_begin()
    target.run(bytes)
    let peak = phi_meter_peak()
    claim(peak <= target.memory.limit(forInput: bytes.count)) {
        "an input of \(bytes.count) bytes took \(peak) bytes of memory, at most "
            + "\(target.memory.limit(forInput: bytes.count)) are allowed"
    }
    return 0
}
