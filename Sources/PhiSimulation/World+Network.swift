import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

extension World {
    /// Nodes and dishonest peers, in one numbering.
    var partyCount: Int { members.count + strangers.count }

    func isBlocked(_ from: Int, _ to: Int) -> Bool { blocks[from * partyCount + to] > 0 }

    /// Whether what goes from one to the other waits on its way.
    func isStuck(_ from: Int, _ to: Int) -> Bool {
        if isBlocked(from, to) { return true }
        guard to >= members.count else { return false }
        return strangers[to - members.count].behavior == .neverReads
    }

    /// Milliseconds that a frame takes, with what lost segments cost.
    private mutating func travel() -> UInt64 {
        var time = networkChance.draw(weather.latency)
        if weather.delay > 0 { time += networkChance.below(weather.delay) }
        var wait: UInt64 = 200
        while weather.loss > 0, wait < 12_800, networkChance.percent(weather.loss) {
            time += wait
            wait *= 2
        }
        return time
    }

    // Calls.

    mutating func dial(_ address: PeerAddress, _ identity: VerifyingKey?, from index: Int) {
        let there = members.firstIndex { $0.address == address }
        guard let other = there, members[other].hasPower, !isBlocked(index, other),
            !isBlocked(other, index)
        else {
            let isRefused = there.map { !isBlocked(index, $0) && members[$0].hasPower } ?? true
            let delay = isRefused ? travel() : Link.dialTimeout
            return plan(.dialFailed(address), for: index, after: delay)
        }
        guard members[other].node != nil,
            identity == nil || identity == members[other].key.verifyingKey
        else { return plan(.dialFailed(address), for: index, after: travel()) }
        let link = connect(index, members[index].incarnation, other, members[other].incarnation)
        let arrival = links[link]?.ends[0].lastArrival ?? now
        plan(
            .connected(
                link * 2,
                identity: members[other].key.verifyingKey,
                isInbound: false,
                address: address
            ),
            for: index,
            after: arrival.since(now)
        )
        announce(
            link,
            to: other,
            identity: members[index].key.verifyingKey,
            from: members[index].address
        )
    }

    /// Tells the called side of a connection.
    mutating func announce(
        _ link: UInt64,
        to other: Int,
        identity: VerifyingKey,
        from address: PeerAddress
    ) {
        let arrival = links[link]?.ends[1].lastArrival ?? now
        let port = UInt16(10_000 + link % 50_000)
        plan(
            .connected(
                link * 2 + 1,
                identity: identity,
                isInbound: true,
                address: PeerAddress(address: address.address, port: port)
            ),
            for: other,
            after: arrival.since(now)
        )
    }

    /// Makes a connection that comes up after the handshake.
    mutating func connect(
        _ caller: Int,
        _ callerIncarnation: Int,
        _ called: Int,
        _ calledIncarnation: Int
    ) -> UInt64 {
        let link = nextLink
        nextLink += 1
        callers.append((caller: caller, called: called))
        let arrival = now.adding(milliseconds: travel() + travel() + travel())
        let ends = [(caller, callerIncarnation), (called, calledIncarnation)].map {
            Link.End(party: $0, incarnation: $1, lastArrival: arrival, lastHeard: arrival)
        }
        links[link] = Link(ends: ends)
        for end in 0..<2 {
            if ends[end].party < members.count { members[ends[end].party].links.insert(link) }
            queue.add(
                .silence(link: link, end: end),
                at: arrival.adding(milliseconds: Link.idleTimeout)
            )
        }
        return link
    }

    // Frames.

    mutating func send(_ frame: Link.Frame, over handle: PeerHandle, from party: Int) {
        let link = handle / 2
        let end = Int(handle % 2)
        guard let found = links[link], found.ends[end].isOpen else { return }
        let other = found.ends[1 - end]
        guard other.isOpen else { return hangUp(handle, party, other.party) }
        if isStuck(party, other.party) || found.ends[end].isClogged
            || !found.ends[end].stalled.isEmpty
        {
            if found.ends[end].stalled.isEmpty { links[link]?.ends[end].stalledSince = now }
            links[link]?.ends[end].stalled.append(frame)
            links[link]?.ends[end].stalledBytes += frame.byteCount
            let isFull = found.ends[end].stalledBytes + frame.byteCount > Link.queueLimit
            if isFull, case .message = frame { close(handle, by: party) }
            return
        }
        let arrival = max(
            other.lastArrival,
            now.adding(milliseconds: travel())
        )
        links[link]?.ends[1 - end].lastArrival = arrival
        queue.add(.arrival(link: link, end: 1 - end, frame), at: arrival)
    }

    /// The other machine does not know the connection and says so, once it is reached.
    private mutating func hangUp(_ handle: PeerHandle, _ party: Int, _ other: Int) {
        let isOff = other < members.count && !members[other].hasPower
        guard !isOff, !isBlocked(party, other), !isBlocked(other, party) else { return }
        let end = Int(handle % 2)
        queue.add(
            .arrival(link: handle / 2, end: end, .end),
            at: now.adding(milliseconds: travel() + travel())
        )
    }

    mutating func arrived(_ frame: Link.Frame, at end: Int, of link: UInt64) {
        guard let found = links[link], found.ends[end].isOpen else { return }
        if found.ends[end].readsFrom > now || !found.ends[end].unread.isEmpty {
            links[link]?.ends[end].unread.append(frame)
            return
        }
        links[link]?.ends[end].lastHeard = now
        receive(frame, at: end, of: link, found.ends[end])
    }

    private mutating func receive(
        _ frame: Link.Frame,
        at end: Int,
        of link: UInt64,
        _ receiver: Link.End
    ) {
        let handle = link * 2 + UInt64(end)
        switch frame {
        case .end: drop(link, end)
        case .message(let type, let body):
            tally.messages += 1
            let party = receiver.party
            if party >= members.count { return hear(party - members.count, handle, type, body) }
            guard members[party].incarnation == receiver.incarnation else { return }
            do {
                let message = try Message.decode(
                    type: type,
                    body: body,
                    parameters: network.parameters
                )
                tell(party, .received(handle, message))
            } catch { tell(party, .malformed(handle, error)) }
        }
    }

    mutating func pauseReading(_ handle: PeerHandle, of index: Int, for wait: UInt64) {
        let until = now.adding(milliseconds: min(wait, 60_000))
        let end = Int(handle % 2)
        guard let found = links[handle / 2], found.ends[end].readsFrom < until else { return }
        links[handle / 2]?.ends[end].readsFrom = until
        queue.add(.reading(link: handle / 2, end: end), at: until)
    }

    mutating func readOn(_ link: UInt64, _ end: Int) {
        guard let found = links[link], found.ends[end].isOpen, found.ends[end].readsFrom <= now,
            !found.ends[end].unread.isEmpty
        else { return }
        let frames = found.ends[end].unread
        links[link]?.ends[end].unread = []
        for frame in frames { arrived(frame, at: end, of: link) }
    }

    // Ends.

    /// Ends a connection from one side; the other hears of it behind everything sent before.
    mutating func close(_ handle: PeerHandle, by party: Int) {
        let end = Int(handle % 2)
        guard let found = links[handle / 2], found.ends[end].isOpen else { return }
        send(.end, over: handle, from: party)
        drop(handle / 2, end)
    }

    /// One side of a connection is gone, and its owner is told.
    private mutating func drop(_ link: UInt64, _ end: Int) {
        guard let found = links[link], found.ends[end].isOpen else { return }
        let owner = found.ends[end]
        forget(link, end)
        guard owner.party < members.count else {
            return lost(owner.party - members.count, link * 2 + UInt64(end))
        }
        members[owner.party].links.remove(link)
        guard members[owner.party].incarnation == owner.incarnation else { return }
        plan(.disconnected(link * 2 + UInt64(end)), for: owner.party, after: 1)
    }

    /// A program that ended has no connections; the others hear of it if its machine is up.
    mutating func abandon(_ link: UInt64, by party: Int, tells: Bool) {
        guard let found = links[link] else { return }
        for end in 0..<2 where found.ends[end].party == party {
            if tells { send(.end, over: link * 2 + UInt64(end), from: party) }
            forget(link, end)
        }
    }

    private mutating func forget(_ link: UInt64, _ end: Int) {
        links[link]?.ends[end].isOpen = false
        links[link]?.ends[end].unread = []
        if links[link]?.ends.allSatisfy({ !$0.isOpen }) == true { links[link] = nil }
    }

    /// Gives a connection up that has been silent for too long.
    mutating func listen(_ link: UInt64, _ end: Int) {
        guard let found = links[link], found.ends[end].isOpen else { return }
        let heard = found.ends[end]
        let silence = heard.readsFrom > now ? 0 : now.since(heard.lastHeard)
        guard silence < Link.idleTimeout else {
            return close(link * 2 + UInt64(end), by: heard.party)
        }
        queue.add(
            .silence(link: link, end: end),
            at: now.adding(milliseconds: Link.idleTimeout - silence)
        )
    }

    /// Lets frames go that were stuck and no longer are; late, as streams that were stuck come back.
    mutating func release() {
        for link in links.keys.sorted() {
            for end in 0..<2 {
                guard let found = links[link], found.ends[end].isOpen,
                    !found.ends[end].stalled.isEmpty, !found.ends[end].isClogged,
                    !isStuck(found.ends[end].party, found.ends[1 - end].party)
                else { continue }
                let stuck = min(60_000, now.since(found.ends[end].stalledSince))
                let wait = travel() + networkChance.below(stuck + 1)
                let other = found.ends[1 - end]
                let arrival = max(other.lastArrival, now.adding(milliseconds: wait))
                links[link]?.ends[1 - end].lastArrival = arrival
                links[link]?.ends[end].stalled = []
                links[link]?.ends[end].stalledBytes = 0
                for frame in found.ends[end].stalled {
                    queue.add(.arrival(link: link, end: 1 - end, frame), at: arrival)
                }
            }
        }
    }
}
