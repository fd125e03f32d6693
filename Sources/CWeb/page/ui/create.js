// Starting a meeting: what it is, who reads and writes, and what stays for ever.

import { NAME_BYTES, PLAIN_TITLE_BYTES, SEALED_TITLE_BYTES } from '../core/content.js';
import { utf8 } from '../core/bytes.js';
import { fill, h, icon } from './dom.js';
import { lengthOf } from './format.js';
import { page } from './frame.js';
import { kept, keep, remember } from './known.js';
import { explain } from './problem.js';
import { words } from './words.js';

/** A group of choices with a line of explanation each. */
function choices(name, legend, options, chosen, onChange) {
  return h(
    'fieldset',
    { class: 'choices' },
    h('legend', { text: legend }),
    options.map(([value, label, note]) => {
      const id = `${name}-${value}`;
      return h(
        'div',
        { class: 'choice' },
        h('input', {
          type: 'radio', name, id, value, checked: value === chosen,
          'aria-describedby': `${id}-note`, on: { change: () => onChange(value) },
        }),
        h('label', { for: id, text: label }),
        h('p', { class: 'fine', id: `${id}-note`, text: note }),
      );
    }),
  );
}

/** A text field with its label and room for what is wrong with it. */
export function field(name, label, properties = {}) {
  const trouble = h('p', { class: 'trouble', id: `${name}-trouble`, role: 'alert' });
  const input = h('input', {
    id: name, name, type: 'text', autocomplete: 'off', dir: 'auto',
    'aria-describedby': `${name}-trouble`, ...properties,
  });
  const complain = (text) => {
    trouble.textContent = text;
    if (text) {
      input.setAttribute('aria-invalid', 'true');
      input.focus();
    } else input.removeAttribute('aria-invalid');
  };
  input.addEventListener('input', () => complain(''));
  const line = h('div', { class: 'field' }, h('label', { for: name, text: label }), input, trouble);
  return { line, input, complain };
}

/** What stays public and who reads, for the choices made. */
function consequences(isPrivate) {
  const { create } = words;
  return [
    [isPrivate ? 'lock' : 'globe', isPrivate ? create.readersPrivate : create.readersPublic],
    ['info', isPrivate ? create.privateForever : create.publicForever],
    ['clock', create.always],
    ['people', create.hostKey],
  ].map(([sign, text]) => h('li', {}, icon(sign), h('span', { text })));
}

/** The page on which a meeting is started. */
export function createView(context) {
  const { create } = words;
  const { rpc, database, stamper, go } = context;
  const plan = { reading: 'private', writing: 'link' };
  const title = field('title', create.title, { placeholder: create.titleHint });
  const name = field('name', create.name, { placeholder: create.nameHint, value: kept('name') });
  const effects = h('ul', { class: 'effects' });
  const showEffects = () => fill(effects, consequences(plan.reading === 'private'));
  const lifetime = h(
    'select',
    { id: 'lifetime' },
    Object.entries(create.lifetimes).map(([value, text]) => h('option', { value, text })),
  );
  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const state = h('p', { class: 'fine', role: 'status' });
  const bar = h('progress', { hidden: true, 'aria-label': create.working });
  const submit = h('button', { class: 'button main large', text: create.go });
  showEffects();

  const isRight = () => {
    const limit = plan.reading === 'private' ? SEALED_TITLE_BYTES : PLAIN_TITLE_BYTES;
    const size = utf8(title.input.value.trim()).length;
    if (size === 0) return title.complain(create.noTitle);
    if (size > limit) return title.complain(create.tooLong(limit));
    const nameSize = utf8(name.input.value.trim()).length;
    if (nameSize === 0) return name.complain(create.noName);
    if (nameSize > NAME_BYTES) return name.complain(create.tooLong(NAME_BYTES));
    return true;
  };

  const work = async (event) => {
    event.preventDefault();
    trouble.textContent = '';
    if (!isRight() || submit.disabled) return;
    submit.disabled = true;
    bar.hidden = false;
    bar.removeAttribute('value');
    state.textContent = create.working;
    try {
      const { createMeeting } = await import('../session/create.js');
      const info = await rpc.call('node.info');
      const { readNetwork } = await import('../session/network.js');
      const { interval } = readNetwork(info).parameters;
      const made = await createMeeting({
        rpc,
        database,
        stamper,
        title: title.input.value.trim(),
        name: name.input.value.trim(),
        reading: plan.reading,
        writing: plan.writing,
        lifetime: Math.ceil((Number(lifetime.value) * 1_000) / interval),
      });
      keep('name', name.input.value.trim());
      const meeting = made.session.name;
      const [, fragment = ''] = made.session.link({ origin: location.origin }).web.split('#');
      // Its queue goes on in the view of the meeting.
      made.session.closeSession();
      await remember(database, {
        name: meeting, fragment, title: title.input.value.trim(),
        isPrivate: plan.reading === 'private',
      });
      keep('fresh', meeting);
      go(`/m/${meeting}${fragment && `#${fragment}`}`, { replaces: true });
    } catch (error) {
      trouble.textContent = `${create.failed} ${explain(error)}`;
      state.textContent = '';
      bar.hidden = true;
      submit.disabled = false;
    }
  };

  const form = h(
    'form',
    { class: 'card form', novalidate: true, on: { submit: work } },
    h('h1', { text: create.head }),
    title.line,
    name.line,
    choices('reading', create.reading, [
      ['private', create.private, create.privateNote],
      ['public', create.public, create.publicNote],
    ], plan.reading, (value) => {
      plan.reading = value;
      showEffects();
    }),
    choices('writing', create.writing, [
      ['link', create.link, create.linkNote],
      ['anyone', create.anyone, create.anyoneNote],
      ['named', create.named, create.namedNote],
    ], plan.writing, (value) => {
      plan.writing = value;
    }),
    h('div', { class: 'field' }, h('label', { for: 'lifetime', text: create.lifetime }), lifetime),
    h('section', { class: 'notice-box' }, h('h2', { text: create.summary }), effects),
    trouble,
    submit,
    bar,
    state,
  );
  estimate(context, state);
  const view = page(context, form);
  view.entered = () => title.input.focus();
  return view;
}

/** Says how long the stamp takes here, once that was measured. */
async function estimate({ rpc, stamper }, place) {
  try {
    const quote = await rpc.call('stamp.quote', { payloadBytes: 160, kind: 'open', seq: 0 });
    const { median } = await stamper.estimate(BigInt(`0x${quote.poolWork}`));
    if (!place.textContent) place.textContent = words.create.stampNote(lengthOf(median));
  } catch {
    // The node will be asked again when it matters.
  }
}
