// One script out of the page's own modules, so that an exported file needs nothing else.

import { need } from '../core/bytes.js';

const IMPORT = /^import \{([^}]*)\} from '([^']+)';$/gm;
const EXPORT = /^export (?=(?:async function|function|class|const) ([A-Za-z0-9_]+))/gm;

const pathOf = (from, to) => new URL(to, `phi://page/${from}`).pathname.slice(1);

function wrapped(path, source) {
  const names = [];
  const body = source
    .replace(IMPORT, (_, list, to) => {
      const taken = list.trim().replace(/ as /g, ': ').replace(/,$/, '');
      return `const { ${taken} } = modules['${pathOf(path, to)}'];`;
    })
    .replace(EXPORT, (_, name) => {
      names.push(name);
      return '';
    });
  need(!/^(import|export)\b/m.test(body), 'bundle.module', `${path} cannot be put into a file`);
  return `modules['${path}'] = (() => {\n${body}\nreturn { ${names.join(', ')} };\n})();\n`;
}

/** A plain script that runs a module and all that it imports; `read` gives the text of a path. */
export async function bundle(entry, read) {
  const parts = [];
  const done = new Set();
  const visit = async (path) => {
    if (done.has(path)) return;
    done.add(path);
    const source = await read(path);
    for (const [, , to] of source.matchAll(IMPORT)) await visit(pathOf(path, to));
    parts.push(wrapped(path, source));
  };
  await visit(entry);
  const script = `'use strict';\nconst modules = {};\n${parts.join('')}`;
  // A script ends at these signs, whatever quotes are around them.
  need(!/<\/script|<script|<!--/i.test(script), 'bundle.script', 'the script would end too early');
  return script;
}
