// Forgetting a meeting: what that deletes is said before it is done.

import { ask } from './dialog.js';
import { toast } from './dom.js';
import { forget, waitingIn } from './known.js';
import { explain } from './problem.js';
import { words } from './words.js';

/**
 * Asks, and forgets; whether it was done. `isHost` is null where that is not known, and `end` ends
 * what is under way.
 */
export async function askForget({ database }, { name, title, isHost = null, end = () => {} }) {
  const { forget: text } = words;
  const waiting = await waitingIn(database, name);
  const isSure = await ask({
    title: text.head(title),
    lines: [
      text.deletes,
      isHost !== false && (isHost ? text.host : text.perhapsHost),
      waiting > 0 && text.waiting(waiting),
      text.stays,
    ].filter(Boolean),
    yes: text.go,
    isGrave: true,
  });
  if (!isSure) return false;
  try {
    end();
    await forget(database, name);
    toast(text.done);
    return true;
  } catch (error) {
    toast(explain(error), { isTrouble: true });
    return false;
  }
}
