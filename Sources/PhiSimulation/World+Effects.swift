import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

extension World {
    mutating func write(_ batch: WriteBatch, durable: Bool, of index: Int) {
        let batch = hooks.flaw?(index, batch) ?? batch
        let durable = durable && hooks.flushes
        trace.absorb(durable ? 0xB1 : 0xB0)
        for change in batch.changes {
            trace.absorb(change.key)
            if let value = change.value { trace.absorb(value) }
        }
        if let plan = members[index].crash, plan.writes <= 0 {
            members[index].crash = nil
            if plan.isAfterWrite { try? members[index].disk.commit(batch, durable: durable) }
            return crash(index, losesPower: plan.losesPower, rest: plan.rest)
        }
        members[index].crash?.writes -= 1
        do {
            try members[index].disk.commit(batch, durable: durable)
            checker.committed(batch, by: index)
        } catch { halted(index, .store(error)) }
    }

    mutating func carryOut(_ effect: Effect, of index: Int) {
        switch effect {
        case .commit: break
        case .send(let handle, let message):
            let body = message.encodedBody()
            trace.absorb(UInt64(message.type.rawValue))
            trace.absorb(body)
            send(.message(type: message.type.rawValue, body: body), over: handle, from: index)
        case .disconnect(let handle, let reason):
            trace.absorb(0xC0 ^ handle)
            ended(handle, reason, by: index)
            close(handle, by: index)
        case .dial(let address, let identity):
            trace.absorb(0xD0)
            dial(address, identity, from: index)
        case .pause(let handle, let until):
            let wait = until.since(members[index].clock(now))
            pauseReading(handle, of: index, for: wait)
        case .judge(let token, let entries, let linkKeys):
            judge(token, entries, linkKeys, for: index)
        case .reply(let token, let result): replied(token, result, by: index)
        case .notify(let notice): noticed(notice, of: index)
        case .wake(let wish):
            plan(.tick, for: index, after: wish.since(members[index].clock(now)))
        case .resume:
            members[index].pending += 1
            plan(.resume, for: index, after: 0)
        case .templateChanged: break
        case .halt(let reason): halted(index, reason)
        case .report(let report): reported(report, by: index)
        }
    }

    mutating func plan(_ event: Event, for index: Int, after delay: UInt64) {
        queue.add(
            .event(member: index, incarnation: members[index].incarnation, event),
            at: now.adding(milliseconds: delay)
        )
    }

    private mutating func judge(
        _ token: RequestToken,
        _ entries: [Entry],
        _ linkKeys: [Digest: VerifyingKey],
        for index: Int
    ) {
        let results = entries.map { entry in
            judge(entry).map { valid in
                var valid = valid
                if let linkKey = linkKeys[entry.meeting] { valid.judgeAdmission(by: linkKey) }
                return valid
            }
        }
        members[index].pending += 1
        plan(.judged(token, results), for: index, after: judgingChance.draw(members[index].judging))
    }

    /// Judges an entry, once for all nodes.
    mutating func judge(_ entry: Entry) -> Result<ValidEntry, EntryViolation> {
        if let known = judged[entry] { return known }
        let result: Result<ValidEntry, EntryViolation>
        do { result = .success(try ValidEntry(judging: entry, on: network)) } catch {
            result = .failure(error)
        }
        judged[entry] = result
        return result
    }

    private mutating func noticed(_ notice: LedgerNotice, of index: Int) {
        if case .disconnected = notice { tally.takenBack += 1 }
        checker.noticed(notice, by: index)
    }

    /// A node that cannot go on ends, and its operator starts it again when the disk is mended.
    mutating func halted(_ index: Int, _ reason: HaltReason) {
        trace.absorb(0xE0)
        tally.halts += 1
        members[index].haltReason = reason
        if !members[index].mayHalt {
            checker.fail(.noHalt, index, "node \(index) stopped for no reason: \(reason)", at: now)
        }
        crash(index, losesPower: false, rest: 2_000)
    }

    /// Ends a program at once; what it did not write is gone.
    ///
    /// - Parameters:
    ///   - index: The member.
    ///   - losesPower: Whether the machine loses power, with what was not flushed.
    ///   - rest: Milliseconds until the program starts again.
    mutating func crash(_ index: Int, losesPower: Bool, rest: UInt64) {
        trace.absorb(0xF0)
        tally.crashes += 1
        narrate(index, losesPower ? "loses power" : "ends")
        members[index].node = nil
        members[index].incarnation += 1
        members[index].crash = nil
        members[index].isBusy = false
        members[index].inbox = []
        members[index].hasPower = !losesPower
        for link in members[index].links.sorted() { abandon(link, by: index, tells: !losesPower) }
        members[index].links = []
        if losesPower || hooks.forgetsAtExit {
            let lost = members[index].disk.losePower { Int(networkChance.below(UInt64($0 + 1))) }
            tally.lostBatches += UInt64(lost)
        }
        checker.crashed(index, losesPower: losesPower)
        queue.add(
            .start(member: index, incarnation: members[index].incarnation),
            at: now.adding(milliseconds: rest)
        )
    }
}
