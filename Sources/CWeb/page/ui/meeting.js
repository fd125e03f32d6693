// A meeting: its door, and the chat behind it.

import { decodeLink } from '../core/link.js';
import { safeText } from '../core/safe.js';
import { openSession } from '../session/session.js';
import { fill, h, toast } from './dom.js';
import { joinView, obstacleOf } from './join.js';
import { remember } from './known.js';
import { cleanName } from './names.js';
import { explain, problemView } from './problem.js';
import { Talk } from './talk.js';
import { words } from './words.js';

/** The view of a meeting, by the address that the browser shows. */
export function meetingView(context) {
  const view = new MeetingView(context, decodeLink(location.href.replace(/\?[^#]*/, '')));
  view.open();
  return view.element;
}

class MeetingView {
  #context;
  #link;
  #session = null;
  #talk = null;
  #door = null;
  #isOver = false;
  #frame = 0;
  #obstacle;
  #connected = 'live';
  #told = '';
  element = h('div', { class: 'whole' });

  constructor(context, link) {
    this.#context = context;
    this.#link = link;
    this.element.leave = () => this.#leave();
  }

  #leave() {
    this.#isOver = true;
    cancelAnimationFrame(this.#frame);
    this.#talk?.leave();
    this.#session?.closeSession();
    this.#session = null;
  }

  async open() {
    fill(this.element, h('main', { class: 'waiting', 'aria-busy': 'true' },
      h('p', { class: 'brand', text: words.product }),
      h('p', { class: 'later', role: 'status', text: words.working })));
    try {
      const { rpc, database, stamper } = this.#context;
      const session = await openSession({ rpc, database, stamper, link: this.#link });
      if (this.#isOver) return session.closeSession();
      this.#begin(session);
    } catch (error) {
      if (!this.#isOver) this.#fail(error);
    }
    return undefined;
  }

  #fail(error) {
    const shown = problemView(error, () => !this.#isOver && this.open());
    const wasShown = this.element.querySelector('.problem');
    fill(this.element, h('div', { class: 'page' }, shown));
    if (!wasShown) shown.querySelector('h1').focus();
  }

  #begin(session) {
    this.#session = session;
    session.addEventListener('change', () => this.#later());
    session.addEventListener('progress', ({ detail }) => this.#talk?.progress(detail));
    session.addEventListener('connection', ({ detail }) => {
      this.#connected = detail.state;
      this.#talk?.connection(detail.state);
    });
    session.addEventListener('problem', ({ detail }) => this.#problem(detail));
    remember(this.#context.database, {
      name: session.name,
      title: session.title,
      isPrivate: session.isPrivate,
      ...(location.hash.length > 1 ? { fragment: location.hash.slice(1) } : {}),
    });
    document.title = `${this.#title} · ${words.product}`;
    if (session.hasJoined && obstacleOf(session) !== 'named') this.#showTalk();
    else this.#showDoor();
  }

  get #title() {
    const { title } = this.#session;
    return title === null || title === undefined
      ? words.titleless
      : safeText(title).replace(/\s+/gu, ' ').trim() || words.untitled;
  }

  #showDoor() {
    const session = this.#session;
    this.#talk?.leave();
    this.#talk = null;
    this.#obstacle = obstacleOf(session);
    this.#door = joinView(this.#context, {
      session,
      title: this.#title,
      hostName: this.#hostName,
      onJoin: async (name) => {
        await session.join(name);
        this.#showTalk();
      },
      onLook: () => this.#showTalk(),
    });
    fill(this.element, this.#door);
    this.#door.entered();
  }

  get #hostName() {
    const { people, host } = this.#session;
    return cleanName(people.get(host)?.name);
  }

  #showTalk() {
    this.#talk = new Talk(this.#context, {
      session: this.#session,
      connection: this.#connected,
      titleOf: () => this.#title,
      onJoin: () => this.#showDoor(),
    });
    fill(this.element, this.#talk.element);
    this.#talk.entered();
  }

  /** Draws once for all that changes within one frame. */
  #later() {
    if (this.#frame || this.#isOver) return;
    // A hidden page draws no frames, but its title and marks go on.
    if (document.hidden && this.#talk) return this.#talk.update();
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#isOver || !this.#session) return;
      if (this.#talk) this.#talk.update();
      else if (obstacleOf(this.#session) !== this.#obstacle) this.#showDoor();
      else this.#door.tell(this.#title, this.#hostName);
    });
    return undefined;
  }

  #problem(error) {
    if (error?.rule === 'node.unreachable' || error?.rule === this.#told) return;
    this.#told = error?.rule ?? '';
    toast(explain(error), { isTrouble: true });
  }
}
