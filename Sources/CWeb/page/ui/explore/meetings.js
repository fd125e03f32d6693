// Meetings: the list, and one; without any secret, so sealed contents stay sealed.

import { encodeName } from '../../core/bech32m.js';
import { fromHex } from '../../core/bytes.js';
import { code, element, facts, isolated, many, moment } from '../../export/dom.js';
import { authorLink, ENTRY_COLUMNS, entryRow, heightLink, meetingLink, optional, paged, table, whole, ZEROS } from './parts.js';

const COLUMNS = [['Meeting', ''], ['Title', 'gist'], ['State', ''], ['Read', 'wide'], ['Write', 'wide'], ['Entries', 'number'], ['Opened', 'number wide']];

const titleOf = (meeting) =>
  meeting.title === null ? element('span', { class: 'fine' }, 'sealed') : isolated(meeting.title || '(none)');

const row = (meeting) => [
  meetingLink(meeting.meeting),
  titleOf(meeting),
  meeting.state,
  meeting.reading,
  meeting.writing,
  meeting.entries.toLocaleString('en'),
  heightLink(meeting.openedAt),
];

export const meetingTable = (list) => table('Meetings', COLUMNS, list.map(row));

/** All meetings, the newest first. */
export async function meetings({ rpc }) {
  const load = async (cursor) => {
    const page = await rpc.call('meeting.list', { limit: 50, direction: 'backward', ...(cursor ? { cursor } : {}) });
    return { rows: page.meetings.map(row), next: page.next };
  };
  return [element('h1', {}, 'Meetings'), await paged('Meetings', COLUMNS, load, 'No meeting was opened yet.')];
}

/** One meeting. */
export async function meeting({ rpc, rest }) {
  const found = await rpc.call('meeting.get', { meeting: rest[0] });
  const id = found.meeting;
  const [info, minutes] = await Promise.all([
    rpc.call('node.info'),
    optional(rpc, 'meeting.minutes', { meeting: id, limit: 1 }),
  ]);
  const isClosed = found.state === 'closed';
  return [
    element('p', { class: 'kind' }, 'Meeting'),
    element('h1', {}, found.title === null ? 'A private meeting, its title sealed' : titleOf(found)),
    facts([
      ['Id', code(id)],
      ['Name', code(encodeName(info.network.prefix, fromHex(id)))],
      ['Host', whole('author', found.host)],
      ['State', found.state],
      ['Who can read', found.reading === 'private' ? 'whoever has its secret; this page has not' : 'everybody'],
      ['Who can write', { anyone: 'anyone', link: 'those who have the link', named: 'those whom the host names' }[found.writing]],
      ['Opened', heightLink(found.openedAt), ', ', moment(found.time), ' by the host’s clock'],
      found.lifetime > 0 && ['Lifetime', many(found.lifetime, 'block')],
      found.close && found.close !== ZEROS && ['Closed by', whole('entry', found.close)],
      ['Members beside the host', found.writing === 'anyone' ? 'not counted: anyone may write' : String(found.members)],
      ['Entries', found.entries.toLocaleString('en')],
      ['Root of the record', code(minutes?.root ?? found.root), isClosed ? ' fixed' : ' so far'],
    ]),
    element('p', { class: 'pager' },
      element('a', { href: `/m/${encodeName(info.network.prefix, fromHex(id))}` }, 'Open the meeting'),
      isClosed ? saveButton(rpc, id) : null,
    ),
    element('h2', {}, 'Entries'),
    await entries(rpc, id),
    element('h2', {}, 'Who takes part'),
    await members(rpc, id),
  ];
}

const saveButton = (rpc, id) =>
  element('button', {
    class: 'button',
    type: 'button',
    click: async () => {
      const { openMinutes } = await import('../minutes.js');
      await openMinutes({ session: { id }, rpc });
    },
  }, 'Save the minutes');

const entries = (rpc, id) => paged('Entries of the meeting', ENTRY_COLUMNS, async (cursor) => {
  const page = await rpc.call('meeting.history', {
    meeting: id,
    limit: 50,
    direction: 'backward',
    ...(cursor ? { cursor } : { includePending: true }),
  });
  return { rows: [...page.pending, ...page.entries].map(entryRow), next: page.next };
}, 'None.');

const MEMBER_COLUMNS = [['Author', ''], ['State', ''], ['Entries', 'number'], ['Signed the minutes', '']];

const members = (rpc, id) => paged('Members of the meeting', MEMBER_COLUMNS, async (cursor) => {
  const page = await rpc.call('meeting.members', { meeting: id, limit: 50, ...(cursor ? { cursor } : {}) });
  return {
    rows: page.members.map(({ author, state, entries: count, hasApproved }) => [
      authorLink(author), state, String(count), hasApproved ? 'yes' : 'no',
    ]),
    next: page.next,
  };
}, 'Nobody but the host.');
