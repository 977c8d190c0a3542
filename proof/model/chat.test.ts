import { test } from 'node:test';
import { loadCore, loadCoreFile } from '../../host/src/node/load-core.js';
import { chatSequences } from './chat-actions.js';
import { ChatRun, type CodesFile } from './chat-run.js';
import { explore } from './explore.js';

void test('two devices lose, double and reorder nothing, whatever happens to lines, server and apps', async () => {
  const core = await loadCore();
  const codes = await loadCoreFile<CodesFile>('wire/Codes');
  await explore('chat', chatSequences, (actions) => new ChatRun(core, codes).play(actions));
});
