// Where a message is written: Enter sends, the draft survives, too long is said before it is sent.

import { utf8 } from '../core/bytes.js';
import { fill, h, icon, iconButton } from './dom.js';
import { keep, kept } from './known.js';
import { excerpt } from './message.js';
import { words } from './words.js';

/** From so few bytes left on, the limit is shown. */
const NEAR = 500;
const TALLEST = 200;

/** Tells `send` with `{ text, reply, correction }`, where these are entries of the chat or null. */
export class PhiComposer extends HTMLElement {
  #draftName = '';
  #limit = 1_000;
  #model = null;
  #reply = null;
  #correction = null;
  #before = '';
  #field = h('textarea', {
    id: 'message', rows: '1', dir: 'auto', placeholder: words.composer.hint,
    'aria-describedby': 'message-keys message-left', enterkeyhint: 'send',
  });
  #subject = h('div', { class: 'subject', hidden: true });
  #left = h('span', { class: 'left', id: 'message-left', role: 'status' });
  #hint = h('span', { class: 'hint' });
  #send = h(
    'button',
    { class: 'sign main', 'aria-label': words.composer.send, title: words.composer.send },
    icon('send'),
  );

  connectedCallback() {
    if (this.#field.isConnected) return;
    this.append(h(
      'form',
      {
        on: {
          submit: (event) => {
            event.preventDefault();
            this.#submit();
          },
        },
      },
      this.#subject,
      h(
        'div',
        { class: 'write' },
        h('label', { class: 'unseen', for: 'message', text: words.composer.label }),
        this.#field,
        this.#send,
      ),
      h(
        'div',
        { class: 'under' },
        h('span', { id: 'message-keys', class: 'keys', text: words.composer.keys }),
        this.#hint,
        this.#left,
      ),
    ));
    this.#field.addEventListener('input', () => this.#typed());
    this.#field.addEventListener('keydown', (event) => this.#pressed(event));
  }

  /** Begins for a meeting, with the draft that was left there. */
  begin({ id, limit, model }) {
    this.#draftName = `draft/${id}`;
    this.#limit = limit;
    this.#model = model;
    if (!this.#field.value) this.#field.value = kept(this.#draftName);
    this.#typed(false);
  }

  /** A few words under the field, such as how long a stamp takes. */
  set hint(text) {
    this.#hint.textContent = text;
  }

  focus() {
    this.#field.focus();
  }

  reply(entry) {
    this.#reply = entry;
    this.#correction = null;
    this.#showSubject();
  }

  /** Lets a message of one's own be corrected; the draft comes back afterwards. */
  correct(entry) {
    if (!this.#correction) this.#before = this.#field.value;
    this.#correction = entry;
    this.#reply = null;
    this.#field.value = entry.text ?? '';
    this.#typed(false);
    this.#showSubject();
  }

  #showSubject() {
    const entry = this.#correction ?? this.#reply;
    this.#subject.hidden = !entry;
    if (!entry) return;
    const { composer } = words;
    fill(
      this.#subject,
      icon(this.#correction ? 'edit' : 'reply'),
      h('bdi', {
        class: 'strong',
        text: this.#correction
          ? composer.correcting
          : composer.replyTo(this.#model.nameOf(entry.author)),
      }),
      h('span', { class: 'excerpt', dir: 'auto', text: excerpt(entry.text) }),
      iconButton('close', this.#correction ? composer.dropCorrection : composer.drop, {
        on: { click: () => this.#drop() },
      }),
    );
    this.focus();
  }

  #drop() {
    if (this.#correction) this.#field.value = this.#before;
    this.#reply = null;
    this.#correction = null;
    this.#showSubject();
    this.#typed();
    this.focus();
  }

  #typed(isByHand = true) {
    const field = this.#field;
    field.style.height = 'auto';
    field.style.height = `${Math.min(TALLEST, field.scrollHeight)}px`;
    if (isByHand && !this.#correction) keep(this.#draftName, field.value);
    // Counting bytes costs; a short text cannot be near the limit.
    const left = field.value.length * 3 < this.#limit - NEAR
      ? this.#limit
      : this.#limit - utf8(field.value).length;
    const { composer } = words;
    this.#left.textContent =
      left < 0 ? composer.over(-left) : left < NEAR ? composer.left(left) : '';
    this.#left.classList.toggle('trouble', left < 0);
    this.#send.disabled = left < 0 || field.value.trim() === '';
    this.dispatchEvent(new CustomEvent('typed', { detail: { length: field.value.length } }));
  }

  #pressed(event) {
    if (event.key === 'Escape' && (this.#reply || this.#correction)) {
      event.preventDefault();
      this.#drop();
    }
    // While letters are put together (as in Japanese) Enter only accepts them.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#field.value.trim();
    if (!text || this.#send.disabled) return;
    const detail = { text, reply: this.#reply, correction: this.#correction };
    this.#field.value = this.#correction ? this.#before : '';
    this.#before = '';
    this.#reply = null;
    this.#correction = null;
    this.#showSubject();
    this.#typed();
    this.dispatchEvent(new CustomEvent('send', { detail }));
  }

  /** Gives a text back that could not be kept for sending. */
  restore(text) {
    if (!this.#field.value) this.#field.value = text;
    this.#typed();
  }
}

customElements.define('phi-composer', PhiComposer);
