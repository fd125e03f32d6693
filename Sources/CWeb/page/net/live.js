// Live events: by WebSocket, else by server-sent events, else by asking now and then.
//
// Whatever carries them, events come at least once, each with a cursor from which the next carrier
// goes on. A `reset` event says that the cursor leads nowhere: read again what you hold.

const FIRST_RETRY = 500;
const LAST_RETRY = 30_000;
const POLL = 2_000;
const OPENING = 8_000;
/** A carrier that broke sooner than this is tried again as late as one that never worked. */
const STEADY = 10_000;
const MESSAGE_LENGTH = 1_000_000;

/** Follows topics; tells `onEvent(topic, event)` and `onState(transport)`. */
export class Live {
  #base;
  #topics;
  #onEvent;
  #onState;
  #poll;
  #cursors = new Map();
  #carriers = ['websocket', 'events', 'polling'];
  #carrier = 0;
  #failures = 0;
  #worksSince = 0;
  #hasStreamed = false;
  #close = () => {};
  #timer = null;
  #isOver = false;

  /**
   * - topics: names such as `blocks` or `meeting:<hex>`.
   * - poll: an async function that looks for news itself; it is called while nothing better works.
   */
  constructor({ topics, onEvent, onState = () => {}, poll, base = location.origin }) {
    this.#topics = topics;
    this.#onEvent = onEvent;
    this.#onState = onState;
    this.#poll = poll;
    this.#base = base;
    this.#open();
  }

  /** Ends all following. */
  close() {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#close();
  }

  #open() {
    if (this.#isOver) return;
    this.#close = () => {};
    const carriers = {
      websocket: () => this.#openSocket(),
      events: () => this.#openEvents(),
      polling: () => this.#openPolling(),
    };
    try {
      carriers[this.#carriers[this.#carrier]]();
    } catch {
      // Some places have no such carrier at all.
      this.#broke(false);
    }
  }

  #works() {
    this.#worksSince = performance.now();
    this.#hasStreamed ||= this.#carrier < 2;
    this.#onState(this.#carriers[this.#carrier]);
  }

  /** The carrier broke: try it again if it ever worked here, else the next poorer one. */
  #broke(didWork) {
    if (this.#isOver) return;
    this.#close();
    this.#onState('offline');
    if (didWork && performance.now() - this.#worksSince > STEADY) this.#failures = 0;
    this.#failures += 1;
    if (!didWork && this.#failures % 2 === 0) {
      this.#carrier = (this.#carrier + 1) % this.#carriers.length;
    }
    const wait = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** Math.min(6, this.#failures - 1));
    this.#timer = setTimeout(() => this.#open(), wait * (0.5 + Math.random() / 2));
  }

  #heard(topic, cursor, event) {
    if (typeof cursor === 'string' && cursor.length <= 256) this.#cursors.set(topic, cursor);
    this.#onEvent(topic, event);
  }

  #openSocket() {
    const socket = new WebSocket(`${this.#base.replace(/^http/, 'ws')}/ws`);
    const names = new Map();
    let isDone = false;
    let didWork = false;
    const end = () => {
      if (isDone) return;
      isDone = true;
      clearTimeout(opening);
      this.#broke(didWork);
    };
    const opening = setTimeout(end, OPENING);
    this.#close = () => {
      isDone = true;
      clearTimeout(opening);
      socket.close();
    };
    socket.onopen = () => {
      this.#topics.forEach((topic, index) => {
        const cursor = this.#cursors.get(topic);
        const params = cursor ? { topic, cursor } : { topic };
        socket.send(JSON.stringify({ jsonrpc: '2.0', id: index, method: 'subscribe', params }));
      });
    };
    socket.onmessage = ({ data }) => {
      const message = eventOf(data);
      if (!message || message.error) return end();
      if (message.result?.subscription) {
        names.set(message.result.subscription, message.result.topic);
        if (names.size < this.#topics.length) return undefined;
        clearTimeout(opening);
        didWork = true;
        return this.#works();
      }
      const { topic, cursor, event, dropped } = message.params ?? {};
      if (event && this.#topics.includes(topic)) this.#heard(topic, cursor, event);
      // The node does not wait for slow readers; the cursor leads on from where it stopped.
      if (dropped) end();
      return undefined;
    };
    socket.onclose = end;
    socket.onerror = end;
  }

  #openEvents() {
    let didWork = false;
    let isDone = false;
    const sources = this.#topics.map((topic) => {
      const query = new URLSearchParams({ topic });
      const cursor = this.#cursors.get(topic);
      if (cursor) query.set('cursor', cursor);
      const source = new EventSource(`/events?${query}`);
      source.onopen = () => {
        if (didWork) return;
        didWork = true;
        this.#works();
      };
      source.onmessage = ({ data, lastEventId }) => {
        const event = eventOf(data);
        if (event) this.#heard(topic, lastEventId, event);
        else source.onerror();
      };
      source.onerror = () => {
        if (isDone) return;
        isDone = true;
        this.#broke(didWork);
      };
      return source;
    });
    this.#close = () => {
      isDone = true;
      for (const source of sources) source.close();
    };
  }

  #openPolling() {
    let rounds = 0;
    let isDone = false;
    const round = async () => {
      try {
        await this.#poll();
        if (rounds === 0) this.#works();
      } catch {
        if (!isDone) this.#broke(rounds > 0);
        return;
      }
      rounds += 1;
      if (isDone) return;
      // Now and then something better may work again.
      if (rounds % (this.#hasStreamed ? 5 : 30) === 0) {
        this.#carrier = 0;
        this.#open();
        return;
      }
      this.#timer = setTimeout(round, POLL);
    };
    this.#close = () => {
      isDone = true;
      clearTimeout(this.#timer);
    };
    round();
  }
}

/** The object of a text that is not too long; null for anything else. */
function eventOf(data) {
  if (typeof data !== 'string' || data.length > MESSAGE_LENGTH) return null;
  try {
    const value = JSON.parse(data);
    return value !== null && typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
