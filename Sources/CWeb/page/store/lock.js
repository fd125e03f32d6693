// One tab at a time: two tabs that share a key must not sign two entries with one number.

/** Runs work while no other tab of this browser does work of the same name. */
export async function alone(name, work) {
  if (globalThis.navigator?.locks) return navigator.locks.request(`phi ${name}`, work);
  return queued(name, work);
}

// Where there are no locks there is no second tab that could share an opened database either
// (private windows of old browsers); within this page the order still counts.
const tails = new Map();

function queued(name, work) {
  const before = tails.get(name) ?? Promise.resolve();
  const result = before.then(work, work);
  const end = result.catch(() => {}).then(() => {
    if (tails.get(name) === end) tails.delete(name);
  });
  tails.set(name, end);
  return result;
}
