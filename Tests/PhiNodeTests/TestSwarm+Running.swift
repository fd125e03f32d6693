import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiSimulation
import PhiTesting
import PhiWire

extension TestSwarm {
    /// Lets time pass.
    mutating func run(for milliseconds: UInt64) {
        run(until: now.adding(milliseconds: milliseconds)) { _ in false }
    }

    /// Lets time pass until something holds.
    ///
    /// - Returns: Whether it came to hold in the given time.
    @discardableResult
    mutating func run(
        atMost milliseconds: UInt64,
        until holds: (TestSwarm) -> Bool
    ) -> Bool {
        run(until: now.adding(milliseconds: milliseconds), holds)
        return holds(self)
    }

    private mutating func run(until end: Timestamp, _ holds: (TestSwarm) -> Bool) {
        var count = 0
        while let time = queue.nextTime, time <= end {
            count += 1
            if count % 16 == 0, holds(self) { return }
            guard let (time, item) = queue.next() else { return }
            now = time
            handle(item)
        }
        now = end
    }

    private mutating func handle(_ item: Item) {
        switch item {
        case .event(let index, let incarnation, let event):
            guard members[index].incarnation == incarnation else { return }
            step(index, event)
        case .wake(let index, let incarnation):
            guard members[index].incarnation == incarnation, members[index].wakeAt == now else {
                return
            }
            members[index].wakeAt = nil
            step(index, .tick)
        case .delivery(let index, let incarnation, let handle, let message):
            guard members[index].incarnation == incarnation, links[handle / 2] != nil else {
                return
            }
            step(index, .received(handle, message))
        case .lost(let index, let incarnation, let handle):
            guard members[index].incarnation == incarnation else { return }
            step(index, .disconnected(handle))
        case .mine(let member, let every):
            mine(member, every: every)
        }
    }

    /// Tells a node something, and carries out what it wants, with all that follows at once.
    mutating func step(_ index: Int, _ event: Event) {
        var next: Event? = event
        while let event = next {
            next = nil
            let clock = Timestamp(
                milliseconds: UInt64(Int64(now.milliseconds) + members[index].clockSkew)
            )
            guard let effects = members[index].node?.step(event, at: clock) else { return }
            for effect in effects {
                record(effect, of: index)
                if case .resume = effect { next = .resume } else { perform(effect, of: index) }
                guard members[index].node != nil else { return }
            }
        }
    }

    private mutating func perform(_ effect: Effect, of index: Int) {
        let incarnation = members[index].incarnation
        switch effect {
        case .send(let handle, let message): send(message, over: handle, from: index)
        case .disconnect(let handle, let reason):
            members[index].ends.append(reason)
            cut(handle / 2, from: index)
        case .dial(let address, let identity): dial(address, identity, from: index)
        case .pause(let handle, _): members[index].pauses[handle, default: 0] += 1
        case .commit(let batch, let durable): commit(batch, durable: durable, of: index)
        case .judge(let token, let entries, let linkKeys):
            let results = entries.map { entry in
                judge(entry).map { valid in
                    var valid = valid
                    if let linkKey = linkKeys[entry.meeting] { valid.judgeAdmission(by: linkKey) }
                    return valid
                }
            }
            let delay = draw(weather.judging)
            queue.add(
                .event(member: index, incarnation: incarnation, .judged(token, results)),
                at: now.adding(milliseconds: delay)
            )
        case .reply(let token, let result): members[index].replies[token] = result
        case .notify(let notice): members[index].notices.append(notice)
        case .wake(let wish): wake(index, at: wish)
        case .resume, .templateChanged: break
        case .halt(let reason): members[index].haltReason = reason
        case .report(let report): members[index].reports.append(report)
        }
    }

    /// Writes as the node wants, or lets it die where a test wants that.
    private mutating func commit(_ batch: WriteBatch, durable: Bool, of index: Int) {
        let death = members[index].death
        if let death, death.writesLeft == 0, !death.isAfterWrite {
            if death.fault == .tornBatch {
                var half = WriteBatch()
                for change in batch.changes.prefix(batch.changes.count / 2) {
                    if let value = change.value {
                        half.put(value, for: change.key)
                    } else {
                        half.delete(change.key)
                    }
                }
                members[index].store.commit(half, durable: false)
            }
            return crash(index, losesPower: death.losesPower)
        }
        members[index].store.commit(batch, durable: durable)
        let isKept = durable && death?.fault != .lostSync
        members[index].durable.commit(batch, durable: isKept)
        if let death, death.writesLeft == 0 {
            return crash(index, losesPower: death.losesPower)
        }
        members[index].death?.writesLeft -= 1
    }

    /// A node has one alarm, set to its earliest wish.
    private mutating func wake(_ index: Int, at wish: Timestamp) {
        let time = Timestamp(
            milliseconds: UInt64(Int64(wish.milliseconds) - members[index].clockSkew)
        )
        if let set = members[index].wakeAt, set <= time { return }
        members[index].wakeAt = time
        queue.add(.wake(member: index, incarnation: members[index].incarnation), at: time)
    }

    private mutating func dial(
        _ address: PeerAddress,
        _ identity: VerifyingKey?,
        from index: Int
    ) {
        let delay = draw(weather.latency)
        let there = members.firstIndex { $0.address == address }
        guard let other = there, members[other].node != nil,
            members[other].side == members[index].side,
            identity == nil || identity == members[other].identity.verifyingKey
        else {
            return queue.add(
                .event(
                    member: index,
                    incarnation: members[index].incarnation,
                    .dialFailed(address)
                ),
                at: now.adding(milliseconds: delay)
            )
        }
        let link = nextLink
        nextLink += 1
        links[link] = Link(dialer: index, listener: other)
        members[index].links.insert(link)
        members[other].links.insert(link)
        tell(
            index,
            .connected(
                link * 2,
                identity: members[other].identity.verifyingKey,
                isInbound: false,
                address: address
            ),
            after: delay
        )
        tell(
            other,
            .connected(
                link * 2 + 1,
                identity: members[index].identity.verifyingKey,
                isInbound: true,
                address: PeerAddress(version4: 0x7f00_0001, port: UInt16(link % 60_000))
            ),
            after: delay
        )
        let arrival = now.adding(milliseconds: delay)
        links[link]?.lastArrival = [arrival, arrival]
    }

    mutating func tell(_ index: Int, _ event: Event, after delay: UInt64) {
        queue.add(
            .event(member: index, incarnation: members[index].incarnation, event),
            at: now.adding(milliseconds: delay)
        )
    }

    private mutating func send(_ message: Message, over handle: PeerHandle, from index: Int) {
        guard let link = links[handle / 2] else { return }
        let other = handle % 2 == 0 ? link.listener : link.dialer
        members[index].sent[message.type, default: 0] += 1
        if weighs {
            let byteCount = Limits.frameHeadByteCount + message.encodedBody().count
            members[index].sentBytes[message.type, default: 0] += byteCount
        }
        guard !members[index].isMute, !members[index].swallowed.contains(message.type),
            members[index].side == members[other].side
        else { return }
        let isGreeting = message.type == .hello
        if !isGreeting, below(1_000) < weather.lossPerMille { return }
        let copies = !isGreeting && below(1_000) < weather.duplicatesPerMille ? 2 : 1
        for _ in 0..<copies {
            var arrival = now.adding(milliseconds: draw(weather.latency))
            let direction = Int(handle % 2)
            if !weather.reorders {
                arrival = max(arrival, link.lastArrival[direction])
                links[handle / 2]?.lastArrival[direction] = arrival
            } else if !isGreeting {
                arrival = max(arrival, link.lastArrival[direction])
            } else {
                links[handle / 2]?.lastArrival[direction] = arrival
            }
            queue.add(
                .delivery(
                    member: other,
                    incarnation: members[other].incarnation,
                    handle ^ 1,
                    message
                ),
                at: arrival
            )
        }
    }

    /// Ends a connection; the other side notices later, this side at once.
    mutating func cut(_ link: UInt64, from index: Int) {
        guard let gone = links.removeValue(forKey: link) else { return }
        let other = gone.dialer == index ? gone.listener : gone.dialer
        members[index].links.remove(link)
        members[other].links.remove(link)
        queue.add(
            .lost(
                member: other,
                incarnation: members[other].incarnation,
                link * 2 + (other == gone.dialer ? 0 : 1)
            ),
            at: now.adding(milliseconds: draw(weather.latency))
        )
    }

    /// Puts members on sides between which nothing goes, and breaks connections across.
    mutating func partition(_ sides: [[Int]]) {
        for (side, indices) in sides.enumerated() {
            for index in indices { members[index].side = side }
        }
        for link in links.keys.sorted() {
            guard let found = links[link],
                members[found.dialer].side != members[found.listener].side
            else { continue }
            cut(link, from: found.dialer)
            tell(found.dialer, .disconnected(link * 2), after: 0)
        }
    }

    mutating func heal() { partition([Array(members.indices)]) }

    /// Checks a wire round trip of a message, as a connection does it.
    func onWire(_ message: Message) throws -> Message {
        try Message.decode(
            type: message.type.rawValue,
            body: message.encodedBody(),
            parameters: network.parameters
        )
    }
}
