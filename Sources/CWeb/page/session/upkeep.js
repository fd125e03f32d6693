// What a browser looks after by itself whenever the tip has moved.

import { hex } from '../core/bytes.js';
import { Kind } from '../core/entry.js';
import { alone } from '../store/lock.js';
import { isApproval } from './ending.js';
import { depthOf, SETTLED } from './item.js';

/** Looks after the queue of one meeting, and after the host's signature on its minutes. */
export class Upkeep {
  #session;
  #room;
  #approvedAt = -1;

  constructor(session, room) {
    this.#session = session;
    this.#room = room;
  }

  /** Forgets what is settled, sends again what was lost, and signs the minutes of a host. */
  async settle(writing) {
    const { reading, headers, secrets } = this.#room;
    await this.#room.readEnd();
    if (!writing) return;
    const tip = headers.tip.height;
    const isSettled = (item) => item?.header && depthOf(item, tip) >= SETTLED;
    for (const { id } of [...writing.jobs]) {
      if (isSettled(reading.items.get(id))) await writing.forget(id);
    }
    for (const id of await writing.check()) {
      if (isSettled(await reading.prove(id))) await writing.forget(id);
    }
    await secrets.settle(writing.jobs.some(({ kind }) => kind === Kind.revoke));
    await this.#approve(writing, tip);
  }

  /** A host signs without being asked; anew where a reorganization changed the record. */
  async #approve(writing, height) {
    const session = this.#session;
    const isTurn = () => session.isHost && session.canApprove;
    if (this.#approvedAt === height || !isTurn()) return;
    this.#approvedAt = height;
    // Another tab may be doing the same.
    await alone(`${hex(session.id)} approve`, async () => {
      await writing.refresh();
      if (!isTurn()) return;
      for (const { key } of writing.jobs.filter(isApproval)) await writing.cancel(key);
      await session.approve();
    });
  }
}
