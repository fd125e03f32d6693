// What the page keeps in the browser: keys, the queue of messages to send, and what was read.

import { PhiError } from '../core/bytes.js';

const NAME = 'phi';
const VERSION = 1;
const STORES = ['keys', 'queue', 'meetings', 'settings'];
/** How long the browser may take to open it before people are told, in milliseconds. */
const PATIENCE = 5_000;

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(fault(request.error));
  });

/** Values by keys in named stores; in memory where the browser allows nothing else. */
export class Database {
  #database = null;
  #memory = new Map(STORES.map((store) => [store, new Map()]));

  /**
   * Opens the database. `isLasting` tells whether anything survives the page.
   *
   * An answer that is late is waited for: without what is kept, the same person would get a second
   * key. `waits` is told why: `slow`, or `blocked` by a tab that holds an older version.
   */
  static async open(waits = () => {}) {
    const database = new Database();
    const timer = setTimeout(waits, PATIENCE, 'slow');
    try {
      const request = indexedDB.open(NAME, VERSION);
      request.onblocked = () => {
        clearTimeout(timer);
        waits('blocked');
      };
      request.onupgradeneeded = () => {
        for (const store of STORES) request.result.createObjectStore(store);
      };
      database.#database = await settled(request);
      database.#database.onversionchange = () => database.#database.close();
    } catch {
      database.#database = null;
    }
    clearTimeout(timer);
    return database;
  }

  get isLasting() {
    return this.#database !== null;
  }

  async get(store, key) {
    if (!this.#database) return copied(this.#memory.get(store).get(key));
    return settled(this.#of(store).get(key));
  }

  /** All pairs whose keys begin with a text, in the order of their keys. */
  async list(store, prefix) {
    if (!this.#database) {
      return [...this.#memory.get(store)]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, copied(value)]);
    }
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const source = this.#of(store);
    const [keys, values] = await Promise.all([
      settled(source.getAllKeys(range)),
      settled(source.getAll(range)),
    ]);
    return keys.map((key, index) => [key, values[index]]);
  }

  /** Keeps a value; done only when it is on disk as far as the browser can tell. */
  put(store, key, value) {
    return this.change([{ store, key, value }]);
  }

  delete(store, key) {
    return this.change([{ store, key }]);
  }

  /** Keeps all of some values, or none: `{ store, key, value }`, gone where there is no value. */
  async change(steps) {
    if (!this.#database) {
      for (const { store, key, value } of steps) {
        if (value === undefined) this.#memory.get(store).delete(key);
        else this.#memory.get(store).set(key, copied(value));
      }
      return;
    }
    const stores = [...new Set(steps.map(({ store }) => store))];
    const transaction = this.#begin(stores, 'readwrite');
    await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(fault(transaction.error));
      transaction.onerror = () => reject(fault(transaction.error));
      for (const { store, key, value } of steps) {
        const target = transaction.objectStore(store);
        if (value === undefined) target.delete(key);
        else target.put(value, key);
      }
    });
  }

  #begin(stores, mode) {
    try {
      return this.#database.transaction(stores, mode, { durability: 'strict' });
    } catch (error) {
      throw fault(error);
    }
  }

  #of(store) {
    return this.#begin([store], 'readonly').objectStore(store);
  }
}

/** What memory gives back is a copy, as a disk would give it. */
const copied = (value) => (value === undefined ? undefined : structuredClone(value));

const fault = (error) =>
  error?.name === 'QuotaExceededError'
    ? new PhiError('storage.full', 'the browser has no room left to keep this', {
        cause: error,
        remedy: 'Make room on this device, or forget old meetings at the start page.',
      })
    : new PhiError('storage.failed', 'the browser could not keep this', {
        cause: error,
        remedy: 'Reload the page. A private window may allow less than a usual one.',
      });
