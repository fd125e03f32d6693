// What a person does in a chat: sends, answers, looks things up. Rarer things are loaded for it.

import { ContentType } from '../core/content.js';
import { Kind } from '../core/entry.js';
import { toast } from './dom.js';
import { lengthOf } from './format.js';
import { explain } from './problem.js';
import { words } from './words.js';

const details = () => import('./details.js');
const find = () => import('./find.js');
const share = () => import('./share.js');

/** A text in so large steps changes what its stamp costs worth mentioning. */
const STEP = 400;

/** The deeds of one person in one meeting. */
export class Deeds {
  #context;
  #parts;
  #estimated = -1;

  /** - chatOf: gives the chat's frame. - update: draws. - loadOlder: loads one page more. */
  constructor(context, parts) {
    this.#context = context;
    this.#parts = parts;
  }

  get #chat() {
    return this.#parts.chatOf();
  }

  /** Loads what is likely to be wanted, when nothing else is to be done. */
  prepare() {
    const load = () => Promise.allSettled([details(), find(), share()]);
    if (globalThis.requestIdleCallback) requestIdleCallback(load, { timeout: 5_000 });
    else setTimeout(load, 1_000);
  }

  async #try(work) {
    try {
      return await work();
    } catch (error) {
      toast(explain(error), { isTrouble: true });
      return null;
    }
  }

  async send({ text, reply, correction }) {
    const { session, update } = this.#parts;
    const { list, composer } = this.#chat;
    list.scrollToEnd();
    try {
      await session.send({
        type: correction ? ContentType.correction : reply ? ContentType.reply : ContentType.text,
        text,
        subject: (reply ?? correction)?.item.id,
      });
      update();
      if (!correction) list.scrollToEnd();
    } catch (error) {
      composer.restore(text);
      toast(explain(error), { isTrouble: true });
    }
  }

  #react(row, text) {
    const { session } = this.#parts;
    return session.send({ type: ContentType.reaction, text, subject: row.item.id });
  }

  /** Does what was pressed on a row. */
  act = (name, row, detail) => this.#try(() => this.#act(name, row, detail));

  async #act(name, row, detail) {
    const { session, model } = this.#parts;
    const { composer, list } = this.#chat;
    switch (name) {
      case 'reply':
        return composer.reply(row);
      case 'react': {
        const sign = await (await details()).askSign();
        return sign && this.#react(row, sign);
      }
      case 'sign':
        return this.#react(row, detail);
      case 'quoted':
        return list.scrollToKey(model.byID.get(row.quote)?.key, { takesFocus: true });
      case 'retry':
        return session.retry(row.key);
      case 'cancel':
        if (row.item.kind === Kind.open) return this.#forget();
        return (await session.cancel(row.key)) && composer.restore(row.text ?? '');
      case 'again':
        return this.#again(row);
      default:
        return this.#details(row);
    }
  }

  async #again(row) {
    const { session } = this.#parts;
    await session.send({
      type: row.quote ? ContentType.reply : ContentType.text,
      text: row.text,
      subject: row.quote ?? undefined,
    });
    await session.cancel(row.key);
  }

  async #details(row) {
    const { session, model } = this.#parts;
    const canCorrect = model.canWrite && row.isMine && row.type === 'message' &&
      row.text !== null && row.item.entry !== undefined;
    const { openDetails } = await details();
    if ((await openDetails({ session, model, row, canCorrect })) === 'correct') {
      this.#chat.composer.correct(row);
    }
  }

  /** Opens the share sheet. */
  share() {
    return this.#try(async () => (await share()).openShare(this.#parts.session));
  }

  /** Signs the minutes. */
  async sign() {
    await this.#try(() => this.#parts.session.approve());
    this.#parts.update();
  }

  menu(choice) {
    const { session, model, loadOlder } = this.#parts;
    return this.#try(async () => {
      if (choice === 'jump') {
        const key = await (await find()).askDate({ model, loadOlder });
        return key && this.#chat.list.scrollToKey(key, { takesFocus: true });
      }
      const parts = { ...this.#context, session };
      if (choice === 'minutes') return (await import('./minutes.js')).openMinutes(parts);
      if (choice === 'forget') return this.#forget();
      return (await import('./about.js')).openAbout(this.#context, session);
    });
  }

  async #forget() {
    const { session, model } = this.#parts;
    const { askForget } = await import('./forget.js');
    const { name, isHost } = session;
    // What is under way would be kept again, so it ends first.
    const end = () => session.closeSession();
    if (await askForget(this.#context, { name, title: model.title, isHost, end })) {
      this.#context.go('/', { replaces: true });
    }
  }

  /** The bar that searches what is loaded. */
  search(onClose) {
    const { model, loadOlder } = this.#parts;
    const loadAll = async () => {
      while (await loadOlder());
    };
    return this.#try(async () => (await find()).searchBar({
      model,
      onGo: (key) => this.#chat.list.scrollToKey(key),
      onAll: loadAll,
      onClose,
    }));
  }

  /** Says what a message costs, once for each size that differs much. */
  async typed(length) {
    const size = length === 0 ? 0 : Math.ceil(length / STEP);
    if (size === this.#estimated) return;
    this.#estimated = size;
    try {
      const { median } = await this.#parts.session.estimate(size * STEP);
      if (this.#estimated !== size) return;
      this.#chat.composer.hint = size === 0 ? '' : words.composer.estimate(lengthOf(median));
    } catch {
      this.#estimated = -1;
    }
  }
}
