// JSON-RPC 2.0 over HTTP to the node that served the page.
//
// The node is a stranger: its answers are bounded in bytes and time, and whatever shape they have,
// a call ends in a result or in a `PhiError`.

import { PhiError } from '../core/bytes.js';

const BATCH_LIMIT = 100;
const PATIENCE = 20_000;
/** A page of 100 entries with contents of 32 KiB has about 9 MB. */
const ANSWER_BYTES = 32 * 1024 * 1024;
const SENTENCE_LIMIT = 300;
/** How often a call is made again that a node was too busy for. */
const BUSY_TRIES = 6;
const BUSY = -32004;

/** A call that the node refused: `code` and `data` as the node gave them. */
export class RPCError extends PhiError {
  constructor(error) {
    const code = Number.isInteger(error?.code) ? error.code : 0;
    const data = isObject(error?.data) ? error.data : {};
    const rule = typeof data.rule === 'string' ? data.rule.slice(0, 64) : `rpc.${code}`;
    const said = typeof error?.message === 'string' ? error.message : 'the node refused the call';
    super(rule, said.slice(0, SENTENCE_LIMIT), { code, data });
    this.name = 'RPCError';
  }
}

/** The node cannot be reached, or says nothing that could be read. */
export class Unreachable extends PhiError {
  constructor(cause, rule = 'node.unreachable', message = 'the node cannot be reached') {
    super(rule, message, { cause, remedy: 'It is tried again by itself; check your connection.' });
    this.name = 'Unreachable';
  }
}

const unreadable = (cause) =>
  new Unreachable(cause, 'node.unreadable', 'the node gives an answer that cannot be read');

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Calls methods of one node. */
export class RPC {
  #url;
  #fetch;
  #next = 1;

  constructor(url = '/rpc', fetcher = (...parts) => fetch(...parts)) {
    this.#url = url;
    this.#fetch = fetcher;
  }

  /** Calls a method; the result as an object, or an `RPCError`, or `Unreachable`. */
  async call(method, params = {}, { signal } = {}) {
    for (let attempt = 0; ; attempt += 1) {
      const answer = resultOf(await this.#post(this.#request(method, params), signal));
      if (!answer.error) return answer.result;
      if (answer.error.code !== BUSY || attempt === BUSY_TRIES) throw answer.error;
      await pause(attempt, [answer]);
    }
  }

  /**
   * Calls many methods, in batches that the node takes.
   *
   * The answers are in the order of the calls: `{ result }` or `{ error }` with an `RPCError`.
   */
  async callAll(calls, { signal } = {}) {
    const answers = [];
    for (let start = 0; start < calls.length; start += BATCH_LIMIT) {
      answers.push(...(await this.#batch(calls.slice(start, start + BATCH_LIMIT), signal)));
    }
    return answers;
  }

  async #batch(calls, signal) {
    const answers = [];
    let open = calls.map((_, index) => index);
    for (let attempt = 0; ; attempt += 1) {
      const requests = open.map((index) =>
        this.#request(calls[index].method, calls[index].params ?? {}),
      );
      const replies = await this.#post(requests, signal);
      if (!Array.isArray(replies)) throw resultOf(replies).error ?? unreadable('no list');
      const byID = new Map(replies.filter(isObject).map((reply) => [reply.id, reply]));
      open.forEach((index, at) => {
        answers[index] = resultOf(byID.get(requests[at].id));
      });
      open = open.filter((index) => answers[index].error?.code === BUSY);
      if (open.length === 0 || attempt === BUSY_TRIES) return answers;
      await pause(attempt, open.map((index) => answers[index]));
    }
  }

  #request(method, params) {
    const id = this.#next;
    this.#next += 1;
    return { jsonrpc: '2.0', id, method, params };
  }

  async #post(body, signal) {
    const patience = AbortSignal.timeout(PATIENCE);
    let text;
    try {
      const response = await this.#fetch(this.#url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      });
      text = await textOf(response);
    } catch (error) {
      if (signal?.aborted || error instanceof PhiError) throw error;
      throw new Unreachable(error);
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      throw unreadable(error);
    }
  }
}

/** Reads a body, but not without end. */
async function textOf(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parts = [];
  let count = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    count += value.length;
    if (count > ANSWER_BYTES) {
      reader.cancel().catch(() => {});
      throw unreadable('too long');
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
  parts.push(decoder.decode());
  return parts.join('');
}

function resultOf(reply) {
  if (!isObject(reply)) return { error: unreadable('no answer') };
  if (reply.error) return { error: new RPCError(reply.error) };
  return isObject(reply.result) ? { result: reply.result } : { error: unreadable('no result') };
}

/** Waits as long as a busy node asks for, and longer each time. */
function pause(attempt, answers) {
  const asked = Math.max(...answers.map(({ error }) => retryAfter(error)));
  const wait = Math.min(5_000, Math.max(asked, 50 * 2 ** attempt));
  return new Promise((resolve) => setTimeout(resolve, wait * (1 + Math.random() / 4)));
}

/** Refusals that pass by themselves, by their rules. */
const PASSING = new Set(['authorFull', 'meetingFull', 'anchorAhead']);

/** Whether another try of the same call may go better, and after how many milliseconds. */
export function retryAfter(error) {
  if (error instanceof Unreachable) return 1_000;
  if (!(error instanceof RPCError)) return null;
  if (error.code === BUSY) {
    const asked = Number(error.data.retryAfterMs);
    return Number.isFinite(asked) ? Math.min(30_000, Math.max(100, asked)) : 1_000;
  }
  const passes = error.code === -32006 || error.code === -32603 || PASSING.has(error.rule);
  return passes ? 3_000 : null;
}
