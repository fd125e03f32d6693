// JSON-RPC 2.0 over HTTP to the node that served the page.

import { PhiError } from '../core/bytes.js';

const BATCH_LIMIT = 100;
const PATIENCE = 20_000;

/** A call that the node refused: `code` and `data` as the node gave them. */
export class RPCError extends PhiError {
  constructor({ code, message, data }) {
    super(data?.rule ?? `rpc.${code}`, message, { code, data });
    this.name = 'RPCError';
  }
}

/** The node cannot be reached, or says nothing that could be read. */
export class Unreachable extends PhiError {
  constructor(cause) {
    super('node.unreachable', 'the node cannot be reached', { cause });
    this.name = 'Unreachable';
  }
}

/** Calls methods of one node. */
export class RPC {
  #url;
  #fetch;
  #next = 1;

  constructor(url = '/rpc', fetcher = (...parts) => fetch(...parts)) {
    this.#url = url;
    this.#fetch = fetcher;
  }

  /** Calls a method; the result, or an `RPCError`, or `Unreachable`. */
  async call(method, params = {}, { signal } = {}) {
    const answer = await this.#post(this.#request(method, params), signal);
    if (answer?.error) throw new RPCError(answer.error);
    return answer.result;
  }

  /**
   * Calls many methods, in batches that the node takes.
   *
   * The answers are in the order of the calls: `{ result }` or `{ error }` with an `RPCError`.
   */
  async callAll(calls, { signal } = {}) {
    const answers = [];
    for (let start = 0; start < calls.length; start += BATCH_LIMIT) {
      const requests = calls
        .slice(start, start + BATCH_LIMIT)
        .map(({ method, params }) => this.#request(method, params ?? {}));
      const replies = await this.#post(requests, signal);
      if (!Array.isArray(replies)) throw new RPCError(replies?.error ?? { code: 0, message: '' });
      const byID = new Map(replies.map((reply) => [reply.id, reply]));
      for (const { id } of requests) {
        const reply = byID.get(id);
        if (!reply) throw new Unreachable('an answer is missing');
        answers.push(
          reply.error ? { error: new RPCError(reply.error) } : { result: reply.result },
        );
      }
    }
    return answers;
  }

  #request(method, params) {
    const id = this.#next;
    this.#next += 1;
    return { jsonrpc: '2.0', id, method, params };
  }

  async #post(body, signal) {
    const patience = AbortSignal.timeout(PATIENCE);
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
      return await response.json();
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Unreachable(error);
    }
  }
}

/** Whether another try of the same call may go better, and after how many milliseconds. */
export function retryAfter(error) {
  if (error instanceof Unreachable) return 1_000;
  if (error instanceof RPCError && error.code === -32004) {
    return Math.min(30_000, Math.max(100, error.data?.retryAfterMs ?? 1_000));
  }
  if (error instanceof RPCError && error.code === -32006) return 3_000;
  return null;
}
