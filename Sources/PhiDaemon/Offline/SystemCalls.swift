#if canImport(Darwin)
    import Darwin

    let systemWrite = unsafe Darwin.write
#elseif canImport(Musl)
    import Musl

    let systemWrite = unsafe Musl.write
#else
    import Glibc

    let systemWrite = unsafe Glibc.write
#endif
