import { parseArgs } from 'node:util';

export const DEPLOYMENTS = ['sqlite', 'cluster'] as const;

export interface SoakArguments {
  readonly minutes: number;
  readonly clients: number;
  readonly seed: number;
  readonly on: (typeof DEPLOYMENTS)[number];
}

const MAX_CLIENTS = 100;
const MAX_SEED = 1_000_000;

function refuse(name: string, expected: string, text: string): never {
  throw new Error(`${name}: expected ${expected}, got "${text}"`);
}

function integerOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  const isGood = /^\d+$/.test(text) && value >= least && value <= most;
  return isGood ? value : refuse(name, `an integer from ${least} to ${most}`, text);
}

function minutesOf(text: string): number {
  const value = Number(text);
  const isGood = text.trim() !== '' && value > 0 && Number.isFinite(value);
  return isGood ? value : refuse('--minutes', 'a number above 0', text);
}

/** Throws with a sentence that names what was not understood. */
export function readArguments(args: readonly string[]): SoakArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '10' },
      clients: { type: 'string', default: '8' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * MAX_SEED)) },
      on: { type: 'string', default: 'sqlite' },
    },
  });
  return {
    minutes: minutesOf(values.minutes),
    clients: integerOf('--clients', values.clients, 1, MAX_CLIENTS),
    seed: integerOf('--seed', values.seed, 0, MAX_SEED),
    on: DEPLOYMENTS.find((one) => one === values.on) ?? refuse('--on', DEPLOYMENTS.join(' or '), values.on),
  };
}
