// Stamps: work in a worker of its own, that can be watched and stopped.

/** Hashes tried to learn the speed of this machine. */
const SAMPLE = 60_000;
const WORKER = new URL('../worker/stamp.js', import.meta.url);

/** Finds nonces, one at a time for each call. */
export class Stamper {
  /** Hashes in a millisecond, as last measured; null before the first measurement. */
  speed = null;

  /** Finds the nonce for a work; rejects with the signal's reason when it is stopped. */
  find(id, work, { onProgress = () => {}, signal } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const worker = new Worker(WORKER, { type: 'module' });
      const started = performance.now();
      let latest = 0;
      const end = (settle, value) => {
        worker.terminate();
        signal?.removeEventListener('abort', stop);
        settle(value);
      };
      const stop = () => end(reject, signal.reason);
      signal?.addEventListener('abort', stop);
      worker.onerror = (event) => end(reject, new Error(event.message || 'the worker failed'));
      worker.onmessage = ({ data }) => {
        latest = data.done;
        const elapsed = performance.now() - started;
        if (latest >= SAMPLE && elapsed > 0) this.speed = latest / elapsed;
        if (data.nonce !== undefined) end(resolve, data.nonce);
        else onProgress({ done: latest, expected: Number(work) });
      };
      worker.postMessage({ id, work });
      return undefined;
    });
  }

  /** Measures the speed once, by work that is thrown away. */
  async measure() {
    if (this.speed !== null) return this.speed;
    const stop = new AbortController();
    const impossible = (1n << 63n);
    await this.find(new Uint8Array(32), impossible, {
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done >= SAMPLE) stop.abort();
      },
    }).catch(() => {});
    return this.speed;
  }

  /** The milliseconds that a work takes: half of all tries are faster than the first figure. */
  async estimate(work) {
    const speed = (await this.measure()) ?? 100;
    const mean = Number(work) / speed;
    return { median: mean * Math.LN2, slow: mean * 3 };
  }
}
