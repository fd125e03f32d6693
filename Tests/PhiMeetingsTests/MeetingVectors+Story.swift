import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

@testable import PhiMeetings

extension MeetingVectors {
    /// Entries of every kind, as they follow each other in a private meeting by link, and some of
    /// other meetings.
    struct Story {
        private var chain: TestChain
        private let network: Network
        private let builder: EntryBuilder
        /// The stamped entries of the meeting, in order.
        private(set) var record: [Entry] = []
        /// The stamped entries that are in no block, in order.
        private(set) var others: [Entry] = []
        private(set) var entries: [VectorValue] = []
        private(set) var minutes = VectorValue.null
        private var meeting = Digest.zero

        init(_ vectors: MeetingVectors) throws {
            network = vectors.network
            chain = vectors.chain
            let anchor = vectors.chain.blocks[2]
            builder = EntryBuilder(
                network: network,
                anchorHeight: anchor.height,
                anchorHash: anchor.hash,
                time: MeetingVectors.time
            )
            try tellPrivate()
            chain.append(Array(record[..<5]))
            chain.append(Array(record[5...]))
            chain.append(others)
            chain.grow(by: 3)
            try tellOthers()
        }

        private mutating func tellPrivate() throws {
            let (first, second) = (try secret("first"), try secret("second"))
            let host = try Author(host: "open")
            let plan = MeetingPlan(
                title: "Board",
                reading: .secretHolders,
                writing: .link,
                secret: first
            )
            let salt = MeetingVectors.salt
            let open = try builder.open(plan, salt: salt("open"), key: host.key())
            meeting = add("open", open, host, Self.inputs(of: plan), isRecorded: true).id
            let guest = try Author(guest: "guest", device: 0x0102_0304, meeting: meeting)
            let join = try builder.join(
                meeting,
                with: first,
                agreementKey: guest.agreement,
                salt: salt("join"),
                key: guest.key()
            )
            let joining = Self.joining(first, guest.agreement)
            add("join by link", join, guest, joining, isRecorded: true)
            let said = try say("We are all here.", nil, "message", .first, host)
            _ = try say("Not all.", said.id, "reply", join.head, guest)
            let change = MeetingChange(
                revoked: [guest.author],
                linkKey: try second.linkKey().verifyingKey,
                readCheck: second.readCheck
            )
            let revoke = try builder.revoke(
                change,
                in: meeting,
                salt: salt("revoke"),
                head: said.head,
                key: host.key()
            )
            add("revoke with a new epoch", revoke, host, Self.inputs(of: change), isRecorded: true)
            let close = try builder.close(
                meeting,
                salt: salt("close"),
                head: revoke.head,
                key: host.key()
            )
            add("close", close, host, .object([]), isRecorded: true)
            try approve(after: close, host)
        }

        /// Says something under the first epoch.
        private mutating func say(
            _ text: String,
            _ replied: Digest?,
            _ name: String,
            _ head: AuthorHead,
            _ author: Author
        ) throws -> SignedEntry {
            let content = replied.map { MessageContent.reply(to: $0, text) } ?? .text(text)
            let secret = try secret("first")
            let signed = try builder.message(
                content,
                to: meeting,
                in: EpochSecret(number: 0, secret: secret),
                salt: MeetingVectors.salt(name),
                head: head,
                key: author.key()
            )
            let inputs = VectorValue.object([
                ("content", MeetingVectors.fields(of: content)),
                ("epoch", .number(0)),
                ("secret", .hex(secret.exposed())),
            ])
            return add("\(name), private", signed, author, inputs, isRecorded: true)
        }

        private mutating func approve(after close: SignedEntry, _ host: Author) throws {
            let leaves = record.map(\.leaf)
            let roots = (1...leaves.count).map { MerkleTree.root(ofLeaves: Array(leaves[..<$0])) }
            let digest = MinutesDigest(count: UInt64(leaves.count), root: roots[leaves.count - 1])
            minutes = .object([
                ("meeting", .hex(meeting)),
                ("leaves", .list(leaves.map { .hex($0) })),
                ("roots", .list(roots.map { .hex($0) })),
                ("count", .number(digest.count)),
                ("root", .hex(digest.root)),
            ])
            let approve = try builder.approve(
                digest,
                endedBy: close.id,
                of: meeting,
                salt: MeetingVectors.salt("approve"),
                head: close.head,
                key: host.key()
            )
            let inputs = VectorValue.object([
                ("close", .hex(close.id)), ("count", .number(digest.count)),
                ("root", .hex(digest.root)),
            ])
            add("approve", approve, host, inputs)
        }

        private mutating func tellOthers() throws {
            let host = try Author(host: "named")
            let plan = MeetingPlan(
                title: "Town hall",
                reading: .everyone,
                writing: .named,
                lifetime: 1_000,
                secret: nil
            )
            let salt = MeetingVectors.salt
            let open = try builder.open(plan, salt: salt("named"), key: host.key())
            add("open, public and named", open, host, Self.inputs(of: plan))
            let people = try ["guest", "one", "two"].map {
                try Author(guest: $0, device: 0, meeting: open.id)
            }
            let keys = people.map(\.author)
            let admit = try builder.admit(
                keys,
                to: open.id,
                salt: salt("admit"),
                head: .first,
                key: host.key()
            )
            let list = VectorValue.list(keys.map { .hex($0) })
            add("admit", admit, host, .object([("keys", list)]))
            let join = try builder.join(
                open.id,
                with: nil,
                agreementKey: nil,
                salt: salt("plain join"),
                key: people[0].key()
            )
            add("join without a link", join, people[0], Self.joining(nil, nil))
            let content = MessageContent.text("Grüße, 世界 🌍")
            let message = try builder.message(
                content,
                to: open.id,
                in: nil,
                salt: salt("public"),
                head: join.head,
                key: people[0].key()
            )
            let said = VectorValue.object([("content", MeetingVectors.fields(of: content))])
            add("message, public", message, people[0], said)
            let change = MeetingChange(
                revoked: Array(keys[1...]),
                linkKey: .zero,
                readCheck: .zero
            )
            let revoke = try builder.revoke(
                change,
                in: open.id,
                salt: salt("plain revoke"),
                head: admit.head,
                key: host.key()
            )
            add("revoke of two authors", revoke, host, Self.inputs(of: change))
        }

        @discardableResult
        private mutating func add(
            _ name: String,
            _ signed: SignedEntry,
            _ author: Author,
            _ inputs: VectorValue,
            isRecorded: Bool = false
        ) -> SignedEntry {
            let work = signed.minimumWork(on: network.parameters)
            let nonce = Stamp.search(id: signed.id, work: work, in: 0..<1 << 20) ?? 0
            let entry = signed.stamped(work: work, nonce: nonce)
            if isRecorded { record.append(entry) } else { others.append(entry) }
            entries.append(
                .object([
                    ("name", .text(name)),
                    ("kind", .text(entry.kind.name)),
                    ("inputs", inputs),
                    ("meeting", .hex(entry.meeting)),
                    ("authorSeed", .hex(author.seed)),
                    ("author", .hex(entry.author)),
                    ("seq", .number(entry.sequence)),
                    ("previous", .hex(entry.previous)),
                    ("anchorHeight", .number(UInt64(entry.anchorHeight.rawValue))),
                    ("anchorHash", .hex(builder.anchorHash)),
                    ("time", .number(entry.authorTime.milliseconds)),
                    ("payload", .hex(entry.payload)),
                    ("id", .hex(entry.id)),
                    ("signature", .hex(entry.signature.bytes)),
                    ("work", .number(entry.stampWork)),
                    ("nonce", .number(entry.stampNonce)),
                    ("leaf", .hex(entry.leaf)),
                    ("bytes", .hex(entry.bytes)),
                ])
            )
            return signed
        }

        private static func inputs(of plan: MeetingPlan) -> VectorValue {
            .object([
                ("title", .text(plan.title)),
                ("reading", .text(plan.reading.name)),
                ("writing", .text(plan.writing.name)),
                ("lifetime", .number(UInt64(plan.lifetime))),
                ("secret", plan.secret.map { .hex($0.exposed()) } ?? .null),
            ])
        }

        private static func inputs(of change: MeetingChange) -> VectorValue {
            .object([
                ("keys", .list(change.revoked.map { .hex($0) })),
                ("linkKey", .hex(change.linkKey)),
                ("readCheck", .hex(change.readCheck)),
            ])
        }

        private static func joining(
            _ secret: MeetingSecret?,
            _ agreement: AgreementPublicKey?
        ) -> VectorValue {
            .object([
                ("secret", secret.map { .hex($0.exposed()) } ?? .null),
                ("agreement", agreement.map { .hex($0) } ?? .null),
            ])
        }

        /// A receipt with all that one can have, and one with nothing but the needful.
        func receipts() throws -> [VectorValue] {
            let headers = chain.headers
            let leaves = headers.map(\.historyLeaf)
            let block = record[..<5].map(\.leaf)
            func path(_ index: Int, below later: Int) -> [Digest] {
                Laboratory.path(index, Array(leaves[..<later]))
            }
            let whole = Receipt(
                parameters: network.parameters,
                genesis: network.genesis,
                entry: record[2],
                includesPayload: true,
                header: headers[4],
                index: 2,
                proof: Laboratory.path(2, block),
                anchor: Receipt.LinkedHeader(header: headers[2], path: path(2, below: 4)),
                confirmations: Array(headers[5...6]),
                tip: Receipt.LinkedHeader(header: headers[9], path: path(4, below: 9))
            )
            let least = Receipt(
                parameters: network.parameters,
                genesis: network.genesis,
                entry: record[5],
                includesPayload: false,
                header: headers[5],
                index: 0,
                proof: []
            )
            return [("whole", whole), ("least", least), ("approval", approvalReceipt)].map {
                name,
                receipt in .object([("name", .text(name)), ("text", .text(receipt.text))])
            }
        }

        /// What proves that consensus accepted the minutes.
        private var approvalReceipt: Receipt {
            Receipt(
                parameters: network.parameters,
                genesis: network.genesis,
                entry: others[0],
                includesPayload: true,
                header: chain.headers[6],
                index: 0,
                proof: [],
                confirmations: Array(chain.headers[7...8])
            )
        }

        /// Minutes as files: one with all that a file can have, and one with nothing but the
        /// needful, in which a text is erased.
        func minutesFiles() throws -> [VectorValue] {
            let format = #"{"format":"phi-minutes/v1"}"#
            let records = record.map { MinutesRecord($0) }
            let approval = Self.line("approval", MinutesRecord(others[0]))
            var whole = [format] + records.map { Self.line("record", $0) } + [approval]
            let receipt = approvalReceipt.text.replacing("\n", with: #"\n"#)
            whole.append(#"{"receipt":"\#(receipt)"}"#)
            for (epoch, name) in ["first", "second"].enumerated() {
                let secret = VectorValue.digits(try secret(name).exposed())
                whole.append(#"{"secret":{"epoch":\#(epoch),"secret":"\#(secret)"}}"#)
            }
            whole.append(#"{"later":[1,2,3]}"#)
            let erased = records.enumerated().map { $0 == 2 ? $1.erased : $1 }
            let least = [format] + erased.map { Self.line("record", $0) }
            return [("whole", whole), ("least", least)].map { name, lines in
                let text = lines.map { $0 + "\n" }.joined()
                return .object([("name", .text(name)), ("text", .text(text))])
            }
        }

        private static func line(_ word: String, _ record: MinutesRecord) -> String {
            let base64 = Base64Text.padded
            var fields = #""envelope":"\#(base64.encode(record.envelope))""#
            if let payload = record.payload {
                fields += #","payload":"\#(base64.encode(payload))""#
            }
            return #"{"\#(word)":{\#(fields)}}"#
        }

        private func secret(_ name: String) throws -> MeetingSecret {
            try MeetingVectors.secret(name)
        }
    }

    /// Somebody who signs.
    struct Author {
        let seed: [UInt8]
        let author: VerifyingKey
        let agreement: AgreementPublicKey?

        /// The host of the meeting that opens with the salt of a name.
        init(host name: String) throws {
            let keys = MeetingVectors.keys("host", device: 0)
            seed = try keys.hostSeed(openSalt: MeetingVectors.salt(name)).exposed()
            author = try SigningKey(seed: seed).verifyingKey
            agreement = nil
        }

        /// A guest's device in a meeting.
        init(guest name: String, device: UInt32, meeting: Digest) throws {
            let keys = MeetingVectors.keys(name, device: device)
            seed = try keys.authorSeed(meeting: meeting).exposed()
            author = try SigningKey(seed: seed).verifyingKey
            agreement = try keys.agreement(meeting: meeting).publicKey
        }

        func key() throws -> SigningKey { try SigningKey(seed: seed) }
    }
}
