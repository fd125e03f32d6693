#if canImport(Darwin)
    import Darwin

    let systemRead = unsafe Darwin.read
    let systemWrite = unsafe Darwin.write
#elseif canImport(Musl)
    import Musl

    let systemRead = unsafe Musl.read
    let systemWrite = unsafe Musl.write
#else
    import Glibc

    let systemRead = unsafe Glibc.read
    let systemWrite = unsafe Glibc.write
#endif
