import { loadCore, type ChatWorld } from '../../host/src/node/load-core.js';
import { Recorder } from '../client/recorder.js';
import { checkHistory } from '../history/check-history.js';
import { describeViolation, type LogEvent } from '../history/history.js';
import { Dice } from '../world/dice.js';
import type { Amount } from './scenario.js';

const ROOM = 'r_1';
const NAMES = ['Ann', 'Bo', 'Cy'];
const BACKGROUND_MS = 10 * 60_000;
/** Twice the longest wait between two attempts. */
const REST_MS = 60_000;

interface Client {
  readonly device: Awaited<ReturnType<ChatWorld['connected']>>;
  readonly recorder: Recorder;
  readonly user: Parameters<ChatWorld['connected']>[0];
  say(text: string): void;
}

/**
 * Ten minutes in the background, in memory, on a clock that only moves when told: the system cuts the line, the others talk on,
 * nobody tries to connect, and back in front everything is there.
 */
export async function runBackground(seed: number, amount: Amount): Promise<{ violations: string[]; events: number }> {
  const core = await loadCore();
  const dice = new Dice(seed);
  const world = new core.ChatWorld();
  const users = NAMES.map((name) => world.server.addUser(name));
  const room = world.server.addRoom(ROOM, users);
  const clients: Client[] = [];
  for (const user of users) {
    const device = await world.connected(user);
    const recorder = new Recorder(core);
    recorder.watch(device.chat);
    const view = recorder.view(ROOM);
    await world.wait(device.chat.openRoom(ROOM));
    const say = (text: string): void => {
      view.sent.push({ clientId: device.chat.sendMessage(ROOM, text), text, isRetried: false });
    };
    clients.push({ device, recorder, user, say });
  }
  const violations: string[] = [];
  let said = 0;
  const talk = async (speakers: readonly Client[], count: number, stepMs: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      said += 1;
      dice.pick(speakers).say(`${said}`);
      await world.clock.advance(dice.integer(stepMs));
    }
  };
  let wasPaused = false;
  for (let round = 0; round < amount.rounds; round++) {
    const sleeper = dice.pick(clients);
    const others = clients.filter((one) => one !== sleeper);
    await talk(clients, amount.messages, 300);
    sleeper.say(`${++said} just before the sleep`);
    sleeper.device.chat.goBackground();
    world.server.linksOf(sleeper.user).forEach((link) => (dice.next() < 0.5 ? link.freeze() : link.kill(1006)));
    const linksBefore = world.server.links.length;
    const endsAtMs = world.clock.nowMs() + BACKGROUND_MS;
    await talk(others, amount.messages, 2000);
    await world.clock.advance(endsAtMs - world.clock.nowMs());
    wasPaused ||= world.server.linksOf(sleeper.user).length === 0;
    if (world.server.links.length !== linksBefore) {
      violations.push(`${world.server.links.length - linksBefore} connections were tried from the background`);
    }
    sleeper.device.chat.goForeground();
    await talk(clients, amount.messages, 300);
    await world.clock.advance(REST_MS);
  }
  if (!wasPaused) {
    violations.push(`the fault 'background' did not happen`);
  }
  const log = room.events.map(({ seq, kind, userId, clientId, text }): LogEvent => ({
    seq,
    kind,
    userId,
    clientId,
    text,
  }));
  const history = {
    logs: new Map([[ROOM, log]]),
    clients: clients.map(({ device, recorder, user }) => {
      recorder.finish(device.chat);
      return { name: user.userName, userId: user.userId, rooms: recorder.views };
    }),
  };
  violations.push(...checkHistory(history).map(describeViolation));
  clients.forEach(({ device }) => device.chat.dispose());
  // What the server had on its way to them.
  await world.clock.advance(world.server.latencyMs);
  if (world.clock.pendingTimers() > 0) {
    violations.push(`left over: ${world.clock.pendingTimers()} timers`);
  }
  return { violations, events: log.length };
}
