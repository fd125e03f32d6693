// A meeting as it goes on: what the node tells is checked, and what follows from it is read.

import { hex, PhiError } from '../core/bytes.js';
import { ContentType } from '../core/content.js';
import { Kind } from '../core/entry.js';
import { Listening } from './listening.js';

/**
 * Follows a meeting as long as the page is open.
 *
 * - room: what is known of the meeting. - settle: looks after the queue, when the tip has moved.
 * - changed: hears the ids of entries that changed. - failed: hears of errors.
 * - connected: hears the state of the connection.
 */
export class Following {
  #room;
  #base;
  #parts;
  #listening;
  #followsMeeting = false;
  #said = null;

  constructor({ room, base, ...parts }) {
    this.#room = room;
    this.#base = base;
    this.#parts = parts;
    this.#listening = new Listening({
      heard: (event) => this.#heard(event),
      catchUp: () => this.catchUp(),
      failed: (error) => parts.failed(error),
      changed: (detail) => parts.connected(detail),
      isBehind: () => room.headers.isBehind || room.isSyncing,
    });
    this.#follow();
  }

  close() {
    this.#listening.close();
  }

  /** A node refuses to follow a meeting that it does not know, so at first there are only blocks. */
  #follow() {
    const { isOpened, id } = this.#room;
    this.#followsMeeting = isOpened;
    const topics = ['blocks', ...(isOpened ? [`meeting:${hex(id)}`] : [])];
    this.#listening.follow(topics, this.#base);
  }

  async #refresh(wasTakenBack) {
    const changed = await this.#room.refresh(wasTakenBack);
    if (this.#room.isOpened && !this.#followsMeeting) this.#follow();
    return changed;
  }

  /** Reads whatever is new, without waiting for an event. */
  async catchUp() {
    const back = await this.#followTip();
    const changed = await this.#refresh(back.length > 0);
    await this.#readState(changed, false);
    this.#parts.changed([...back, ...changed]);
    await this.#parts.settle();
  }

  async #followTip() {
    const { headers, reading } = this.#room;
    const wasBehind = headers.isBehind;
    const { moved, fork } = await headers.follow();
    const wasSyncing = this.#room.isSyncing;
    if (moved) await this.#room.readSync();
    const isNow = this.#room.isSyncing;
    if (headers.isBehind !== wasBehind || isNow !== wasSyncing) this.#listening.tell();
    return moved && fork !== null ? reading.takeBack() : [];
  }

  async #heard(event) {
    const { reading, headers } = this.#room;
    const { changed, settle } = this.#parts;
    switch (event?.event) {
      case 'connected':
      case 'disconnected': {
        const back = await this.#followTip();
        const { time } = headers.tip;
        if (!this.#room.isSyncing) this.#room.clockOffset = Number(time) - Date.now();
        if (!this.#room.isOpened || back.length > 0) await this.#refresh(back.length > 0);
        changed(back);
        await settle();
        return;
      }
      case 'entry': {
        if (event.entry?.status?.height > headers.tip.height) await this.#followTip();
        const isProvable = event.entry?.proof || event.entry?.status?.height === undefined;
        const ids = isProvable ? await reading.takeLive(event.entry) : await reading.readNewest();
        await this.#readState(ids);
        changed(ids);
        return;
      }
      case 'dropped':
        if (reading.drop(event.entry)) changed([event.entry]);
        await settle();
        return;
      case 'reset': {
        await this.#followTip();
        const ids = await reading.reset();
        await this.#room.followMembers(ids, true);
        changed(ids);
        return;
      }
      default:
    }
  }

  /** Reads again what control entries change: members, epochs, the end of the meeting. */
  async #readState(changed, isAlone = true) {
    const room = this.#room;
    this.#tellContradiction();
    const items = changed.map((id) => room.reading.items.get(id)).filter(Boolean);
    const controls = items.filter(({ kind, height }) => kind > Kind.message && height !== null);
    const isDelivery = ({ author, isSealed, content }) =>
      author === room.host && (isSealed || content?.type === ContentType.epoch);
    if (controls.length > 0) await room.readMeeting();
    if (isAlone && room.isOpened) await room.followMembers(changed);
    const isHosts = ({ author, height }) => author === room.host && height !== null;
    if (isAlone && (controls.some(isHosts) || items.some((i) => isHosts(i) && isDelivery(i)))) {
      await room.readHost();
    }
    if (controls.length > 0) await room.readEnd();
  }

  #tellContradiction() {
    const { contradiction } = this.#room.reading;
    if (!contradiction || contradiction === this.#said) return;
    this.#said = contradiction;
    this.#parts.failed(
      new PhiError('node.contradicts', `the node contradicts what it proved: ${contradiction}`, {
        remedy: 'What was proved stays. Read this meeting through another node.',
      }),
    );
  }
}
