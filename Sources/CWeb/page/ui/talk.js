// The chat of a meeting: what is shown, what is new, and what is loaded.

import { chatLayout } from './chat.js';
import { Deeds } from './deeds.js';
import { announce, toast } from './dom.js';
import { obstacleBox, obstacleOf } from './join.js';
import { keep, kept } from './known.js';
import { excerpt, renderRow, showProgress, versionOf } from './message.js';
import { Model } from './model.js';
import { fillPeople, peopleVersion } from './people.js';
import { explain } from './problem.js';
import { Unread } from './unread.js';
import { words } from './words.js';

/** A new block so far from this clock shows that the clock is wrong. */
const CLOCK_OFF = 2 * 3_600_000;

/** The chat behind a meeting's door. */
export class Talk {
  #context;
  #session;
  #titleOf;
  #onJoin;
  #model;
  #chat;
  #deeds;
  #unread;
  #search = null;
  #state;
  #isQuiet = true;
  #isLoading = false;
  #isOver = false;
  #peopleShown = null;
  #peopleVersion = '';

  /** - titleOf: gives the title as it is shown. - onJoin: leads back to the door. */
  constructor(context, { session, connection, titleOf, onJoin }) {
    this.#context = context;
    this.#session = session;
    this.#titleOf = titleOf;
    this.#onJoin = onJoin;
    this.#model = new Model(session);
    this.#unread = new Unread(session.name, this.#model);
    this.#deeds = new Deeds(context, {
      session,
      model: this.#model,
      chatOf: () => this.#chat,
      update: () => this.update(),
      loadOlder: () => this.#loadOlder(),
    });
    this.#chat = this.#layout();
    this.element = this.#chat.element;
    this.connection(connection);
    document.addEventListener('visibilitychange', this.#looked);
  }

  #layout() {
    const deeds = this.#deeds;
    const chat = chatLayout({
      onSearch: () => this.#toggleSearch(),
      onPeople: () => this.#fillPeople(),
      onShare: () => deeds.share(),
      onMenu: (choice) => deeds.menu(choice),
      onEnd: () => {
        this.#chat.list.scrollToEnd();
        this.#chat.list.focus();
      },
      onSend: (detail) => {
        this.#unread.read();
        deeds.send(detail);
      },
      onTyped: (length) => deeds.typed(length),
      onMoved: (detail) => this.#moved(detail),
    });
    chat.list.render = (row) => renderRow(row, this.#model, deeds.act);
    chat.list.versionOf = (row) => versionOf(row, this.#model);
    return chat;
  }

  /** Draws for the first time, when the element is in the page. */
  entered() {
    const session = this.#session;
    const { list, composer } = this.#chat;
    composer.begin({ id: session.name, limit: session.textLimit, model: this.#model });
    this.update();
    if (this.#unread.isNothing()) this.update();
    if (!list.scrollToKey('unread')) list.scrollToEnd();
    this.#isQuiet = false;
    this.#looked();
    if (kept('fresh') === session.name) {
      keep('fresh', '');
      this.#deeds.share().then(() => composer.focus());
    } else composer.focus();
    this.#deeds.prepare();
  }

  leave() {
    this.#isOver = true;
    document.removeEventListener('visibilitychange', this.#looked);
  }

  connection(state) {
    this.#chat.connection(state);
  }

  /** Shows how far a stamp is. */
  progress({ key, done, expected }) {
    const { speed } = this.#context.stamper;
    showProgress(this.#chat.list.elementOf(key), { done, expected, speed });
  }

  #banners() {
    const session = this.#session;
    const { tip } = session.headers;
    const { banners } = words;
    const isOff = session.clockOffset < -CLOCK_OFF || Number(tip.time) - Date.now() > CLOCK_OFF;
    this.#chat.banners([
      !this.#context.database.isLasting && banners.storage,
      isOff && banners.clock,
      session.meeting.state === 'opening' && banners.opening,
    ]);
  }

  /** Reads the session anew and draws. */
  update() {
    const session = this.#session;
    const model = this.#model;
    model.title = this.#titleOf();
    model.me = session.me;
    model.isPrivate = session.isPrivate;
    model.isWhole = this.#isWhole;
    model.canWrite = session.hasJoined && session.obstacle === null;
    model.update(this.#unread.after);
    this.#draw();
  }

  #draw() {
    const { list } = this.#chat;
    const model = this.#model;
    const wasAtEnd = list.isAtEnd && !document.hidden;
    const news = this.#isQuiet || this.#isLoading ? [] : model.order.filter(
      ({ isNew, isMine, type }) => isNew && !isMine && type === 'message',
    );
    if (news.length > 0 && !wasAtEnd && this.#unread.add(news.length)) {
      model.update(this.#unread.after);
    }
    list.rows = model.rows;
    if (news.length > 0) {
      for (const { author, text } of news.slice(-3)) {
        announce(`${model.nameOf(author)}: ${excerpt(text)}`);
      }
      if (wasAtEnd) list.scrollToEnd();
    }
    this.#chat.head({
      title: model.title, isPrivate: model.isPrivate, isClosed: this.#session.isClosed,
      people: [...model.people.values()].filter(({ state }) => state !== 'revoked').length,
    });
    this.#foot();
    this.#banners();
    this.#fillPeople(true);
    this.#search?.again();
    this.#countFresh();
  }

  /** Under the messages: the composer, or why there is none. */
  #foot() {
    const session = this.#session;
    const obstacle = obstacleOf(session);
    const canSign = obstacle === 'closed' && session.canApprove && !session.isHost;
    const state = `${obstacle ?? (session.hasJoined ? 'write' : 'read')}${canSign ? ' sign' : ''}`;
    if (this.#state === state) return;
    this.#state = state;
    this.#chat.foot(obstacle ?? state, {
      box: obstacle && obstacleBox(session, obstacle),
      onJoin: this.#onJoin,
      onMinutes: () => this.#deeds.menu('minutes'),
      onSign: canSign && (() => this.#deeds.sign()),
    });
  }

  #fillPeople(isUpdate = false) {
    const place = this.#chat.peoplePlace;
    if (!place || (isUpdate && (!place.isConnected || place.closest('[hidden]')))) return;
    const version = peopleVersion(this.#session, this.#model);
    if (isUpdate && place === this.#peopleShown && version === this.#peopleVersion) return;
    this.#peopleShown = place;
    this.#peopleVersion = version;
    fillPeople(place, {
      session: this.#session,
      model: this.#model,
      onError: (error) => toast(explain(error), { isTrouble: true }),
    });
  }

  // What is seen and what is new.

  #looked = () => {
    if (document.hidden || !this.#chat.list.isAtEnd) return;
    this.#unread.look();
    this.#countFresh();
  };

  #countFresh() {
    const { fresh } = this.#unread;
    this.#chat.end({ isShown: !this.#chat.list.isAtEnd, fresh });
    document.title = `${fresh > 0 ? `(${fresh}) ` : ''}${this.#model.title} · ${words.product}`;
  }

  #moved({ isNearStart, isAtEnd }) {
    if (isAtEnd) this.#looked();
    else this.#countFresh();
    if (isNearStart) this.#loadOlder();
  }

  /** Whether nothing was said before what is here; before its first block there is nothing. */
  get #isWhole() {
    return this.#session.reading.isWhole || !this.#session.isOpened;
  }

  /** Loads one page more; whether there may be another. */
  async #loadOlder() {
    const session = this.#session;
    if (this.#isLoading || this.#isWhole) return !this.#isWhole;
    this.#isLoading = true;
    try {
      await session.loadOlder();
      if (!this.#isOver) this.update();
    } catch (error) {
      const why = error?.rule === 'reading.full' ? explain(error) : words.chat.olderFailed;
      toast(why, { isTrouble: true });
      return false;
    } finally {
      this.#isLoading = false;
    }
    // A page of reactions alone fills nothing: go on while the start is in view.
    if (this.#chat.list.scrollTop < 200) setTimeout(() => !this.#isOver && this.#loadOlder(), 50);
    return !this.#isWhole;
  }

  async #toggleSearch() {
    if (this.#search) {
      this.#search = null;
      this.#chat.search(null);
      return;
    }
    this.#search = await this.#deeds.search(() => this.#toggleSearch());
    this.#chat.search(this.#search);
    this.#search?.entered();
  }
}
