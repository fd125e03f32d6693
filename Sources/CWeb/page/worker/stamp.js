// Searches the nonce of a stamp off the page's own thread.
//
// In: { id, work, start } with work as a bigint. Out: { done } now and then, and { nonce } last.

import { StampSearch } from '../core/stamp.js';

const ROUND = 50_000;

self.onmessage = ({ data }) => {
  const search = new StampSearch(data.id, data.work, data.start ?? 0);
  let done = 0;
  for (;;) {
    const nonce = search.run(ROUND);
    done += ROUND;
    if (nonce !== null) {
      self.postMessage({ nonce, done });
      return;
    }
    self.postMessage({ done });
  }
};
