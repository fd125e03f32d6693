import Glibc
import PhiSimulation

/// A process that runs the seeds it is told, one line a run.
enum Worker {
    static func run() {
        while let line = readLine() {
            guard let seed = UInt64(line) else { return }
            let report = Report(Simulation.run(Scenario(seed: seed)))
            guard let text = try? report.json() else { return }
            print(text)
            fflush(nil)
        }
    }
}

/// A worker as its parent sees it.
struct Child {
    let process: pid_t
    /// What it says.
    let output: Int32
    /// What it is told.
    let input: Int32
    /// The seed that it runs.
    var seed: UInt64?
    private var buffer: [UInt8] = []

    /// Starts this program again, as a worker; nil where the system refuses.
    init?() {
        var toChild: [Int32] = [0, 0]
        var fromChild: [Int32] = [0, 0]
        guard unsafe pipe(&toChild) == 0, unsafe pipe(&fromChild) == 0 else { return nil }
        for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        let words = unsafe [strdup("phi-simulate"), strdup("--worker")]
        var arguments = unsafe words + [nil]
        var started: pid_t = 0
        let code = unsafe posix_spawn(
            &started,
            "/proc/self/exe",
            &actions,
            nil,
            &arguments,
            environ
        )
        for place in unsafe words.indices { unsafe free(words[place]) }
        close(toChild[0])
        close(fromChild[1])
        guard code == 0 else { return nil }
        process = started
        input = toChild[1]
        output = fromChild[0]
    }

    /// Gives it the next seed.
    mutating func give(_ next: UInt64) {
        seed = next
        let bytes = Array("\(next)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(input, $0.baseAddress, $0.count) }
    }

    /// Reads what it said.
    ///
    /// - Returns: The whole lines, or nil when it has ended.
    mutating func read() -> [String]? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe Glibc.read(output, buffer.baseAddress, buffer.count)
        }
        if count < 0, errno == EINTR { return [] }
        guard count > 0 else { return nil }
        buffer += bytes.prefix(count)
        var lines: [String] = []
        while let end = buffer.firstIndex(of: 0x0a) {
            lines.append(String(decoding: buffer[..<end], as: UTF8.self))
            buffer.removeSubrange(...end)
        }
        return lines
    }

    /// Waits for its end.
    ///
    /// - Returns: How it ended.
    func reap() -> String {
        close(input)
        close(output)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? "exit status \(status >> 8 & 0xff)" : "signal \(signal)"
    }

    /// Ends it at once.
    func end() {
        kill(process, SIGKILL)
        _ = reap()
    }
}
