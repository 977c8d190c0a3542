import { ChildProcess } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

const STACK_DEPTH = 40;
const SHOWN_FRAMES = 2;
const OWN_CODE = /\.m?[jt]s:\d|\.ets:\d/;
const FOREIGN_CODE = /node_modules|node:|\/host\/src\/test-runner\//;
/** Births that are kept until those of the dead are thrown away. */
const SWEEP_EVERY = 2000;

/** A timer, socket, server or child process, as far as it tells whether it lives. */
interface Born {
  hasRef?(): boolean;
  readonly _destroyed?: boolean;
  readonly destroyed?: boolean;
  readonly listening?: boolean;
  readonly exitCode?: number | null;
  readonly signalCode?: string | null;
}

/** Something that can keep the process alive, and where it was made. */
export interface Birth {
  /** As `process.getActiveResourcesInfo` calls it. */
  readonly kind: string;
  /** What ran then, a spec for instance; empty for nothing. */
  readonly during: string;
  readonly at: Error;
  readonly born: WeakRef<Born>;
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

let all: Birth[] = [];
let during: () => string = () => '';
let isWatching = false;

/**
 * From now on, for the whole process, remembers for each timer, socket, server and child process which line made it. By wrapping
 * the calls that make them, not by async hooks: those would slow every promise. `running` names what runs at present.
 */
export function watchBirths(running?: () => string): void {
  during = running ?? during;
  if (isWatching) {
    return;
  }
  isWatching = true;
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const make = globalThis[name] as unknown as AnyFunction;
    const wrapped = (...args: unknown[]): unknown => born('Timeout', Reflect.apply(make, globalThis, args));
    const custom = (make as { [promisify.custom]?: unknown })[promisify.custom];
    Object.assign(globalThis, {
      [name]: Object.assign(wrapped, custom === undefined ? {} : { [promisify.custom]: custom }),
    });
  }
  wrap(net.Socket.prototype, 'connect', 'TCPSocketWrap');
  wrap(net.Server.prototype, 'listen', 'TCPServerWrap');
  wrap(ChildProcess.prototype, 'spawn', 'ProcessWrap');
}

/** Those of one kind that still live, oldest first. */
export function livingBirths(kind: string): Birth[] {
  return all.filter((one) => one.kind === kind && isLiving(one));
}

/** ` of 'spec' at file:line < file:line`, the innermost line first; only lines of this project. */
export function placeOf({ at, during: who }: Birth): string {
  const frames = (at.stack ?? '')
    .split('\n')
    .filter((line) => OWN_CODE.test(line) && !FOREIGN_CODE.test(line))
    .map((line) => /\(?(?:file:\/\/)?([^()\s]+:\d+):\d+\)?$/.exec(line)?.[1] ?? line.trim())
    .map((place) => place.replace(`${process.cwd()}${path.sep}`, ''))
    .filter((place, i, places) => place !== places[i - 1])
    .slice(0, SHOWN_FRAMES);
  const of = who === '' ? '' : ` of '${who}'`;
  return frames.length === 0 ? of : `${of} at ${frames.join(' < ')}`;
}

function wrap(prototype: object, method: string, kind: string): void {
  const make = (prototype as Record<string, AnyFunction>)[method] as AnyFunction;
  Object.defineProperty(prototype, method, {
    configurable: true,
    writable: true,
    value(this: object, ...args: unknown[]): unknown {
      born(kind, this);
      return Reflect.apply(make, this, args);
    },
  });
}

function born<T>(kind: string, resource: T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK_DEPTH;
  const at = new Error(kind);
  Error.stackTraceLimit = limit;
  all.push({ kind, at, during: during(), born: new WeakRef(resource as object) });
  if (all.length % SWEEP_EVERY === 0) {
    forgetDeadBirths();
  }
  return resource;
}

/** Before the heap is measured: the note of a birth holds what ran then, by the frames of its stack. */
export function forgetDeadBirths(): void {
  all = all.filter((one) => isLiving(one));
}

function isLiving({ kind, born: ref }: Birth): boolean {
  const one = ref.deref();
  switch (kind) {
    case 'Timeout':
      return one?._destroyed === false && one.hasRef?.() === true;
    case 'TCPSocketWrap':
      return one?.destroyed === false;
    case 'TCPServerWrap':
      return one?.listening === true;
    default:
      return one !== undefined && (one.exitCode ?? null) === null && (one.signalCode ?? null) === null;
  }
}
