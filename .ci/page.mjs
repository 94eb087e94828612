// Writes the files that a page of docs shows: a paragraph that begins with a file's name, or "`a` and `b`", names the code after it.
// Arguments: the page, the folder to write into.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [page, folder] = process.argv.slice(2);
let names = [];
let code = null;
for (const line of readFileSync(page, 'utf8').split('\n')) {
  if (code !== null) {
    if (line === '```') {
      const name = names.shift();
      if (name) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), code.join('\n') + '\n');
        console.log(name);
      }
      code = null;
    } else {
      code.push(line);
    }
  } else if (/^```(xml|csharp|sql|json)$/.test(line)) {
    code = [];
  } else {
    const named = /^`([\w./-]+\.\w+)`(?: and `([\w./-]+\.\w+)`)?/.exec(line);
    if (named) names = named.slice(1).filter(Boolean);
  }
}
