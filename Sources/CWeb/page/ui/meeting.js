// A meeting: its door, and the chat behind it.

import { ContentType } from '../core/content.js';
import { decodeLink } from '../core/link.js';
import { safeText } from '../core/safe.js';
import { openSession } from '../session/session.js';
import { chatLayout } from './chat.js';
import { announce, fill, h, toast } from './dom.js';
import { askSign, openDetails } from './details.js';
import { askDate, searchBar } from './find.js';
import { openAbout } from './frame.js';
import { joinView, obstacleBox, obstacleOf } from './join.js';
import { keep, kept, remember } from './known.js';
import { excerpt, renderRow, showProgress, versionOf } from './message.js';
import { Model } from './model.js';
import { cleanName } from './names.js';
import { fillPeople, peopleVersion } from './people.js';
import { problemView } from './problem.js';
import { openShare } from './share.js';
import { lengthOf } from './format.js';
import { words } from './words.js';

/** Bytes around a text in a payload: salt, epoch, tag, type and subject. */
const AROUND = 128;
/** Padding makes a text at most so much longer. */
const PADDING = 0.88;

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
  #model = null;
  #chat = null;
  #search = null;
  #isOver = false;
  #frame = 0;
  #obstacle;
  #isQuiet = true;
  #isLoading = false;
  #unreadAfter = null;
  #lastSeen = '';
  #fresh = 0;
  #connected = 'live';
  #peopleShown = null;
  #peopleVersion = '';
  element = h('div', { class: 'whole' });

  constructor(context, link) {
    this.#context = context;
    this.#link = link;
    this.element.leave = () => this.#leave();
  }

  #leave() {
    this.#isOver = true;
    cancelAnimationFrame(this.#frame);
    document.removeEventListener('visibilitychange', this.#looked);
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
    this.#model = new Model(session);
    session.addEventListener('change', () => this.#later());
    session.addEventListener('progress', ({ detail }) => this.#progress(detail));
    session.addEventListener('connection', ({ detail }) => {
      this.#connected = detail.state;
      this.#chat?.connection(detail.state);
    });
    session.addEventListener('problem', ({ detail }) => this.#problem(detail));
    document.addEventListener('visibilitychange', this.#looked);
    remember(this.#context.database, {
      name: session.name,
      title: session.title,
      isPrivate: session.isPrivate,
      ...(location.hash.length > 1 ? { fragment: location.hash.slice(1) } : {}),
    });
    this.#nameTitle();
    if (session.hasJoined && obstacleOf(session) !== 'named') this.#showChat();
    else this.#showDoor();
  }

  get #title() {
    const { title } = this.#session;
    return title === null || title === undefined
      ? words.titleless
      : safeText(title).replace(/\s+/gu, ' ').trim() || words.untitled;
  }

  #nameTitle() {
    const count = this.#fresh > 0 ? `(${this.#fresh}) ` : '';
    document.title = `${count}${this.#title} · ${words.product}`;
  }

  #showDoor() {
    const session = this.#session;
    this.#obstacle = obstacleOf(session);
    this.#update();
    const door = joinView(this.#context, {
      session,
      title: this.#title,
      hostName: cleanName(session.people.get(session.host)?.name),
      onJoin: async (name) => {
        await session.join(name);
        this.#showChat();
        this.#chat.composer?.focus();
      },
      onLook: () => this.#showChat(),
    });
    fill(this.element, door);
    door.entered?.();
  }

  // The chat.

  #showChat() {
    const session = this.#session;
    const chat = chatLayout({
      onSearch: () => this.#toggleSearch(),
      onPeople: () => this.#fillPeople(),
      onShare: () => openShare(session),
      onMenu: (choice) => this.#menu(choice),
      onEnd: () => {
        this.#chat.list.scrollToEnd();
        this.#chat.list.focus();
      },
      onSend: (detail) => this.#send(detail),
      onTyped: (length) => this.#typed(length),
      onMoved: (detail) => this.#moved(detail),
    });
    this.#chat = chat;
    this.#unreadAfter = kept(`read/${session.name}`) || null;
    this.#lastSeen = this.#unreadAfter ?? '';
    chat.list.render = (row) => renderRow(row, this.#model, this.#act);
    chat.list.versionOf = (row) => versionOf(row, this.#model);
    fill(this.element, chat.element);
    chat.composer.begin({ id: session.name, limit: this.#limit, model: this.#model });
    chat.connection(this.#connected);
    this.#update();
    // Nothing is new where all was read, or where nothing was read yet.
    if (this.#model.order.at(-1)?.item.id === this.#unreadAfter) this.#unreadAfter = null;
    this.#draw();
    if (!chat.list.scrollToKey('unread')) chat.list.scrollToEnd();
    this.#isQuiet = false;
    this.#looked();
    this.#banners();
    if (kept('fresh') === session.name) {
      keep('fresh', '');
      openShare(session);
    } else chat.composer.focus();
  }

  get #limit() {
    const most = this.#session.network.parameters.maximumPayloadBytes - AROUND;
    return this.#session.isPrivate ? Math.floor(most * PADDING) : most;
  }

  #banners() {
    const lines = [];
    if (!this.#context.database.isLasting) lines.push(words.banners.storage);
    const ahead = Number(this.#session.headers.tip.time) - Date.now();
    if (ahead > 2 * 3_600_000) lines.push(words.banners.clock);
    if (this.#session.meeting.state === 'opening') lines.push(words.banners.opening);
    this.#chat.banners(lines);
  }

  /** Draws once for all that changes within one frame. */
  #later() {
    if (this.#frame || this.#isOver) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#isOver || !this.#session) return;
      if (this.#chat) this.#update();
      else if (obstacleOf(this.#session) !== this.#obstacle) this.#showDoor();
    });
    // A hidden page draws no frames, but its title and marks go on.
    if (document.hidden && this.#chat) {
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
      this.#update();
    }
  }

  #update() {
    const session = this.#session;
    const model = this.#model;
    model.title = this.#title;
    model.me = session.me;
    model.isPrivate = session.isPrivate;
    model.isWhole = session.reading.isWhole;
    model.canWrite = session.hasJoined && session.obstacle === null;
    model.update(this.#unreadAfter);
    if (this.#chat) this.#draw();
  }

  #draw() {
    const chat = this.#chat;
    const model = this.#model;
    const wasAtEnd = chat.list.isAtEnd && !document.hidden;
    const news = this.#isQuiet || this.#isLoading ? [] : model.order.filter(
      ({ isNew, isMine, type }) => isNew && !isMine && type === 'message',
    );
    if (news.length > 0 && !wasAtEnd) {
      this.#fresh += news.length;
      if (this.#unreadAfter === null && this.#lastSeen) {
        this.#unreadAfter = this.#lastSeen;
        model.update(this.#unreadAfter);
      }
    }
    chat.list.rows = model.rows;
    if (news.length > 0) {
      for (const { author, text } of news.slice(-3)) {
        announce(`${model.nameOf(author)}: ${excerpt(text)}`);
      }
      if (wasAtEnd) chat.list.scrollToEnd();
    }
    chat.head({
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
    const state = obstacle ?? (session.hasJoined ? 'write' : 'read');
    if (this.#obstacle === state && this.#chat.isFooted) return;
    this.#obstacle = state;
    this.#chat.foot(state, {
      box: obstacle && obstacleBox(session, obstacle),
      onJoin: () => {
        this.#chat = null;
        this.#showDoor();
      },
      onMinutes: () => this.#menu('minutes'),
    });
  }

  #fillPeople(isUpdate = false) {
    const place = this.#chat.peoplePlace;
    if (!place || (isUpdate && (!place.isConnected || place.closest('[hidden]')))) return;
    // A panel that is made anew would take the focus from whoever is in it.
    const focused = place.contains(document.activeElement);
    if (isUpdate && focused) return;
    const version = peopleVersion(this.#session, this.#model);
    if (isUpdate && place === this.#peopleShown && version === this.#peopleVersion) return;
    this.#peopleShown = place;
    this.#peopleVersion = version;
    fillPeople(place, {
      session: this.#session,
      model: this.#model,
      onError: (error) => toast(error.message, { isTrouble: true }),
    });
  }

  // What is seen and what is new.

  #looked = () => {
    if (document.hidden || !this.#chat || !this.#chat.list.isAtEnd) return;
    const last = this.#model.order.findLast(({ item }) => item.entry || item.height !== null);
    if (last && last.item.id !== this.#lastSeen) {
      this.#lastSeen = last.item.id;
      keep(`read/${this.#session.name}`, last.item.id);
    }
    this.#fresh = 0;
    this.#countFresh();
  };

  #countFresh() {
    this.#chat.end({ isShown: !this.#chat.list.isAtEnd, fresh: this.#fresh });
    this.#nameTitle();
  }

  #moved({ isNearStart, isAtEnd }) {
    if (isAtEnd) this.#looked();
    else this.#countFresh();
    if (isNearStart) this.#loadOlder();
  }

  /** Loads one page more; whether there may be another. */
  async #loadOlder() {
    const session = this.#session;
    if (this.#isLoading || session.reading.isWhole) return !session.reading.isWhole;
    this.#isLoading = true;
    try {
      await session.loadOlder();
      this.#update();
    } catch {
      toast(words.chat.olderFailed, { isTrouble: true });
      return false;
    } finally {
      this.#isLoading = false;
    }
    // A page of reactions alone fills nothing: go on while the start is in view.
    if (this.#chat.list.scrollTop < 200) setTimeout(() => this.#session && this.#loadOlder(), 50);
    return !session.reading.isWhole;
  }

  async #loadAll() {
    while (this.#session && (await this.#loadOlder()));
  }

  // What a person does.

  async #send({ text, reply, correction }) {
    const subject = (reply ?? correction)?.item.id;
    const type = correction
      ? ContentType.correction
      : reply ? ContentType.reply : ContentType.text;
    this.#unreadAfter = null;
    this.#chat.list.scrollToEnd();
    try {
      await this.#session.send({ type, text, subject });
      this.#update();
      if (!correction) this.#chat.list.scrollToEnd();
    } catch (error) {
      this.#chat.composer.restore(text);
      toast(error.message, { isTrouble: true });
    }
  }

  #react(row, text) {
    return this.#session.send({
      type: ContentType.reaction, text, subject: row.item.id,
    });
  }

  #act = async (name, row, detail) => {
    const session = this.#session;
    const { composer, list } = this.#chat;
    try {
      switch (name) {
        case 'reply':
          composer.reply(row);
          break;
        case 'react': {
          const sign = await askSign();
          if (sign) await this.#react(row, sign);
          break;
        }
        case 'sign':
          await this.#react(row, detail);
          break;
        case 'quoted':
          list.scrollToKey(this.#model.byID.get(row.quote)?.key, { takesFocus: true });
          break;
        case 'retry':
          await session.retry(row.key);
          break;
        case 'cancel':
          if (await session.cancel(row.key)) composer.restore(row.text ?? '');
          break;
        case 'again':
          await this.#again(row);
          break;
        default:
          await this.#details(row);
      }
    } catch (error) {
      toast(error.message, { isTrouble: true });
    }
  };

  async #again(row) {
    await this.#session.send({
      type: row.quote ? ContentType.reply : ContentType.text,
      text: row.text,
      subject: row.quote ?? undefined,
    });
    await this.#session.cancel(row.key);
  }

  async #details(row) {
    const canCorrect = this.#model.canWrite && row.isMine && row.type === 'message' &&
      row.text !== null && row.item.entry !== undefined;
    const answer = await openDetails({
      session: this.#session, model: this.#model, row, canCorrect,
    });
    if (answer === 'correct') this.#chat.composer.correct(row);
  }

  async #menu(choice) {
    switch (choice) {
      case 'jump': {
        const key = await askDate({ model: this.#model, loadOlder: () => this.#loadOlder() });
        if (key) this.#chat.list.scrollToKey(key, { takesFocus: true });
        break;
      }
      case 'minutes': {
        const { openMinutes } = await import('./minutes.js');
        await openMinutes({ ...this.#context, session: this.#session });
        break;
      }
      default:
        await openAbout(this.#context, this.#session);
    }
  }

  #toggleSearch() {
    if (this.#search) {
      this.#search = null;
      this.#chat.search(null);
      return;
    }
    this.#search = searchBar({
      model: this.#model,
      onGo: (key) => this.#chat.list.scrollToKey(key),
      onAll: () => this.#loadAll(),
      onClose: () => this.#toggleSearch(),
    });
    this.#chat.search(this.#search);
    this.#search.entered();
  }

  // The work on stamps.

  #progress({ key, done, expected }) {
    showProgress(this.#chat?.list.elementOf(key), {
      done, expected, speed: this.#context.stamper.speed,
    });
  }

  #estimated = -1;

  /** Says what a message costs, once for each size that differs much. */
  async #typed(length) {
    const size = length === 0 ? 0 : Math.ceil(length / 400);
    if (size === this.#estimated || !this.#session) return;
    this.#estimated = size;
    try {
      const { median } = await this.#session.estimate(size * 400);
      if (this.#estimated === size && this.#chat) {
        this.#chat.composer.hint = size === 0 ? '' : words.composer.estimate(lengthOf(median));
      }
    } catch {
      this.#estimated = -1;
    }
  }

  #told = '';

  #problem(error) {
    if (error?.rule === 'node.unreachable' || error?.rule === this.#told) return;
    this.#told = error?.rule ?? '';
    toast(error?.message ?? words.problems.other[0], { isTrouble: true });
  }
}
