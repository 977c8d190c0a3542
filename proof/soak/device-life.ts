import { pause } from '../client/pause.js';
import type { Device } from '../client/device.js';
import type { Request } from '../proxy/http.js';
import type { Block } from '../proxy/link.js';
import { Dice } from '../world/dice.js';
import type { World } from '../world/world.js';

const UPGRADES = { matches: ({ isUpgrade }: Request) => isUpgrade, answer: 'http-502' } as const;
const STREAMS = { matches: ({ path }: Request) => path.startsWith('/v1/sse'), answer: 'http-502' } as const;

/** Between two things that one device does, at most: it sends two or three messages a second. */
const IDLE_MS = 400;

/** What somebody does with a device, and how often among a hundred things. */
type Habit = readonly [times: number, act: (life: DeviceLife) => Promise<void> | void];

const TALK: Habit = [50, (life) => life.world.say(life.device)];
const HABITS: readonly Habit[] = [
  TALK,
  [20, ({ device, world, dice }) => device.chat.sendTypingIndicator(dice.pick(world.roomIds), dice.next() < 0.7)],
  [12, ({ device, world, dice }) => device.chat.loadOlder(dice.pick(world.roomIds)).then(() => undefined)],
  [5, ({ device }) => device.chat.search.find('says').then(() => undefined)],
  // The line is cut, and comes again.
  [6, ({ device }) => device.proxy.reset()],
  [2, ({ device }) => device.chat.goBackground()],
  [2, ({ device }) => device.chat.goForeground()],
  // Another transport has to carry it from now on.
  [1, (life) => life.shut('/v1/ws', UPGRADES)],
  [1, (life) => life.shut('/v1/', UPGRADES, STREAMS)],
  [1, ({ device }) => device.restart()],
];

/** A device in mixed use, one thing after the other, by a plan of its own: the same seed, the same plan. */
export class DeviceLife {
  readonly dice: Dice;
  /** What could not be read because its line was away: its user would try again. */
  unread = 0;

  constructor(
    readonly device: Device,
    readonly world: World,
    seed: number,
  ) {
    this.dice = new Dice(seed);
  }

  async go(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      try {
        await this.habit()(this);
      } catch {
        this.unread += 1;
      }
      await pause(this.dice.integer(IDLE_MS));
    }
    this.device.chat.goForeground();
  }

  shut(prefix: string, ...ways: readonly Block[]): void {
    this.device.proxy.block(...ways);
    this.device.proxy.reset(prefix);
  }

  private habit(): Habit[1] {
    let roll = this.dice.integer(HABITS.reduce((sum, [times]) => sum + times, 0));
    const [, act] = HABITS.find(([times]) => (roll -= times) < 0) ?? TALK;
    // A way that was shut opens again in time.
    if (this.dice.integer(20) === 0) {
      this.device.proxy.block();
    }
    return act;
  }
}
