import { test } from 'node:test';
import { loadCore } from '../../host/src/node/load-core.js';
import { explore } from './explore.js';
import { managerSequences } from './manager-actions.js';
import { ManagerRun } from './manager-run.js';

void test('the manager keeps its states, its promises and its silence, whatever the owner and the sockets do', async () => {
  const core = await loadCore();
  await explore('manager', managerSequences, (sequence) => new ManagerRun(core, sequence).play());
});
