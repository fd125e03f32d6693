// What an exported file does when it is opened: it judges itself, and shows what it judged.

import { hex } from '../core/bytes.js';
import { openRecords, readMinutes, judgeMinutes } from './minutes-file.js';
import { element, shown } from './dom.js';
import { failure, minutesView } from './view.js';

async function show(root) {
  const text = document.getElementById('phi-minutes').textContent;
  if (!globalThis.crypto?.subtle) {
    root.replaceChildren(
      element('p', {}, 'This browser offers no cryptography here. Open the file from your disk, in a browser of 2025 or later.'),
    );
    return;
  }
  try {
    const { lines, secrets, keys } = readMinutes(text);
    const progress = element('p', { role: 'status' }, 'Checking…');
    root.replaceChildren(progress);
    const verdict = await judgeMinutes(lines, {
      onProgress: (count) => {
        progress.textContent = `Checking… ${count} of ${lines.length}`;
      },
    });
    const opened = await openRecords(verdict, { secrets, keys });
    document.title = `Minutes: ${opened.title === null ? hex(verdict.meeting).slice(0, 12) : shown(opened.title)}`;
    root.replaceChildren(...minutesView(verdict, opened));
    root.dataset.verdict = verdict.isProvedComplete ? 'complete' : 'valid';
  } catch (error) {
    document.title = 'Minutes: not valid';
    root.replaceChildren(failure(error, 'These minutes are'));
    root.dataset.verdict = 'refused';
  }
}

show(document.getElementById('minutes'));
