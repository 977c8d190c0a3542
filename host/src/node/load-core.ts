/**
 * The ArkTS modules in Node, from their unmodified sources:
 *
 *     const { ChatService, FakeClock } = await loadCore();
 *     const { WebSocketTransport } = await loadPlatform();
 *
 * Types come from `build/types`, which `npm run lint` (or `node --import tsx host/src/cli/types.ts`) writes; nothing needs
 * them to run. As types, classes of core are imported from here: `import { loadCore, type ChatService } from …`.
 */
import { pathToFileURL } from 'node:url';
import type * as CoreIndex from '../../../build/types/common/core/NodeCore.js';
import type * as PlatformIndex from '../../../build/types/common/platform/Index.js';
import { WebSocket } from 'ws';
import { builtCore, builtPlatform } from './node-build.js';

export type * from '../../../build/types/common/core/NodeCore.js';

/** What `common/core/Index.ets` exports, and every export of core's `testing` folder. */
export type Core = typeof CoreIndex;
export type Platform = typeof PlatformIndex;

/** The same objects at each call in one process. Throws `NodeBuildError` with file and line. */
export async function loadCore(): Promise<Core> {
  return (await load(await builtCore())) as unknown as Core;
}

/**
 * One source file of core that Index.ets does not export, for instance `realtime/PriorityQueue`; the same classes as
 * `loadCore` gives. `T` is `typeof import('…/build/types/common/core/src/main/ets/realtime/PriorityQueue.js')`.
 */
export async function loadCoreFile<T>(name: string): Promise<T> {
  const files = (await load(await builtCore()))['files'] as Record<string, unknown>;
  if (!Object.hasOwn(files, name)) {
    throw new Error(`core has no file '${name}': expected one of ${Object.keys(files).join(', ')}`);
  }
  return files[name] as T;
}

/** `common/platform` on the host's kits. Node before 22 has no WebSocket of its own, and gets that of `ws`. */
export async function loadPlatform(): Promise<Platform> {
  globalThis.WebSocket ??= QuietWebSocket as unknown as typeof globalThis.WebSocket;
  return (await load(await builtPlatform())) as unknown as Platform;
}

/** As in a browser, a failure that nobody listens to is no crash: `close` follows it. */
class QuietWebSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    this.on('error', () => undefined);
  }
}

async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
}
