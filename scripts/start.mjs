// `npm start`: see start.ts. Installs first, because on a fresh clone there is nothing to run it with.
import { runTypeScript } from './run.mjs';

runTypeScript('scripts/start.ts', process.argv.slice(2), false);
