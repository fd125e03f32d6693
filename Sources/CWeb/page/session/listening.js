// Events of a node, one after the other: they come faster than they can be verified.

import { Live } from '../net/live.js';

/** Events that wait to be verified at most; past it everything new is read at once. */
const BACKLOG = 500;
const STATES = { websocket: 'live', events: 'live', polling: 'polling', offline: 'offline' };

/**
 * Follows a meeting as long as the page is open.
 *
 * - heard: verifies one event. - catchUp: reads whatever is new. - failed: hears of errors.
 * - changed: hears the state of the connection. - isBehind: whether the node is catching up.
 */
export class Listening {
  #parts;
  #live = null;
  #chain = Promise.resolve();
  #backlog = 0;
  #isTipAsked = false;
  #isFlooded = false;
  #isOver = false;
  #transport = 'offline';

  constructor(parts) {
    this.#parts = parts;
  }

  /** Follows topics; what was followed before is let go. */
  follow(topics, base) {
    this.#live?.close();
    if (this.#isOver) return;
    this.#live = new Live({
      base,
      topics,
      onEvent: (_, event) => this.#take(event),
      onState: (transport) => {
        this.tell(transport);
        // What happened while nobody listened is read once more; polling does so by itself.
        if (STATES[transport] === 'live') this.later(() => this.#parts.catchUp());
      },
      poll: () => this.#polled(),
    });
  }

  close() {
    this.#isOver = true;
    this.#live?.close();
  }

  /** Tells how the node is reached. */
  tell(transport = this.#transport) {
    this.#transport = transport;
    const state = STATES[transport];
    const isSyncing = state !== 'offline' && this.#parts.isBehind();
    if (!this.#isOver) this.#parts.changed({ state: isSyncing ? 'syncing' : state, transport });
  }

  /** Does work when all before it is done. */
  later(work) {
    this.#chain = this.#chain
      .then(() => (this.#isOver ? undefined : work()))
      .catch((error) => this.#fails(error));
    return this.#chain;
  }

  #fails(error) {
    if (!this.#isOver) this.#parts.failed(error);
  }

  /** Asks in turn with all else; the failure is for whoever asks, to ask more slowly. */
  async #polled() {
    let failure = null;
    await this.later(async () => {
      try {
        await this.#parts.catchUp();
      } catch (error) {
        failure = error;
        throw error;
      }
    });
    if (failure) throw failure;
  }

  /** Many blocks at once are one move of the tip. */
  #take(event) {
    const isTip = event.event === 'connected' || event.event === 'disconnected';
    if (this.#backlog >= BACKLOG || (isTip && this.#isTipAsked)) {
      this.#isFlooded ||= !isTip;
      return;
    }
    this.#isTipAsked ||= isTip;
    this.#backlog += 1;
    this.later(async () => {
      this.#backlog -= 1;
      if (isTip) this.#isTipAsked = false;
      await this.#parts.heard(event);
      if (!this.#isFlooded || this.#backlog > 0) return;
      this.#isFlooded = false;
      await this.#parts.catchUp();
    });
  }
}
