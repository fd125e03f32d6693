// What the page keeps in the browser: keys, the queue of messages to send, and what was read.

import { PhiError } from '../core/bytes.js';

const NAME = 'phi';
const VERSION = 1;
const STORES = ['keys', 'queue', 'meetings', 'settings'];

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Values by keys in named stores; in memory where the browser allows nothing else. */
export class Database {
  #database;
  #memory = new Map(STORES.map((store) => [store, new Map()]));

  /** Opens the database. `isLasting` tells whether anything survives the page. */
  static async open() {
    const database = new Database();
    try {
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => {
        for (const store of STORES) request.result.createObjectStore(store);
      };
      database.#database = await settled(request);
      database.#database.onversionchange = () => database.#database.close();
    } catch {
      database.#database = null;
    }
    return database;
  }

  get isLasting() {
    return this.#database !== null;
  }

  async get(store, key) {
    if (!this.#database) return this.#memory.get(store).get(key);
    return settled(this.#of(store, 'readonly').get(key));
  }

  /** All pairs whose keys begin with a text, in the order of their keys. */
  async list(store, prefix) {
    if (!this.#database) {
      return [...this.#memory.get(store)]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1));
    }
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const source = this.#of(store, 'readonly');
    const [keys, values] = await Promise.all([
      settled(source.getAllKeys(range)),
      settled(source.getAll(range)),
    ]);
    return keys.map((key, index) => [key, values[index]]);
  }

  /** Keeps a value; done only when it is on disk as far as the browser can tell. */
  async put(store, key, value) {
    if (!this.#database) {
      this.#memory.get(store).set(key, value);
      return;
    }
    await this.#change(store, (target) => target.put(value, key));
  }

  async delete(store, key) {
    if (!this.#database) {
      this.#memory.get(store).delete(key);
      return;
    }
    await this.#change(store, (target) => target.delete(key));
  }

  #of(store, mode) {
    return this.#database.transaction(store, mode, { durability: 'strict' }).objectStore(store);
  }

  #change(store, change) {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(store, 'readwrite', { durability: 'strict' });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(fault(transaction.error));
      transaction.onerror = () => reject(fault(transaction.error));
      change(transaction.objectStore(store));
    });
  }
}

const fault = (error) =>
  error?.name === 'QuotaExceededError'
    ? new PhiError('storage.full', 'the browser has no room left to keep this', { cause: error })
    : new PhiError('storage.failed', 'the browser could not keep this', { cause: error });
