#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the program prints.
enum Output {
    /// Prints the catalogue.
    static func catalogue(json: Bool) {
        for behavior in Catalogue.behaviors {
            let number = String(behavior.number)
            guard !json else {
                print(
                    #"{"number":\#(number),"name":\#(quoted(behavior.name)),"#
                        + #""summary":\#(quoted(behavior.summary))}"#
                )
                continue
            }
            let front = number.count < 2 ? "0" + number : number
            let gap = String(repeating: " ", count: max(1, 27 - behavior.name.count))
            print("\(front) \(behavior.name)\(gap)\(behavior.summary)")
        }
    }

    /// Prints what became of the connections, one line for each behavior.
    static func outcome(_ outcomes: [Outcome], json: Bool) {
        for one in outcomes {
            let figures: [(String, Int)] = [
                ("calls", one.calls), ("answered", one.answered), ("ended", one.ended),
                ("unreachable", one.unreachable), ("frames_sent", one.framesSent),
                ("bytes_sent", one.bytesSent), ("bytes_received", one.bytesReceived),
            ]
            guard json else {
                let text = figures.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
                let trouble = one.failure.map { " (\($0))" } ?? ""
                print("\(one.number) \(one.name): \(text)\(trouble)")
                continue
            }
            var members = [#""number":\#(one.number)"#, #""name":\#(quoted(one.name))"#]
            members += figures.map { #""\#($0.0)":\#($0.1)"# }
            if let failure = one.failure { members.append(#""failure":\#(quoted(failure))"#) }
            print("{\(members.joined(separator: ","))}")
        }
    }

    private static func quoted(_ text: String) -> String {
        let safe = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\" + String(scalar)
            case _ where scalar.value < 0x20: " "
            default: String(scalar)
            }
        }
        return "\"" + safe.joined() + "\""
    }
}

extension Output {
    /// Prints where the program listens, before anything else.
    static func listening(_ port: Int) {
        print("listening on 127.0.0.1:\(port)")
        fflush(nil)
    }
}
