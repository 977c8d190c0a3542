import type { Block } from './block.js';
import { untracked } from './reactive.js';
import type { ViewV2 } from './view.js';

/**
 * Where the code that runs now is building. There is no block while attributes are evaluated or an event is handled:
 * a @Builder that is called then answers with a closure to be mounted later, instead of building.
 */
let block: Block | null = null;
let view: ViewV2 | null = null;

export function currentBlock(): Block | null {
  return block;
}

export function currentView(): ViewV2 | null {
  return view;
}

/** Builds into `target`. Reads are not recorded: what a builder reads outside of a node stays as it is. */
export function runInBlock(target: Block, build: () => void): void {
  const outer = block;
  block = target;
  try {
    untracked(build);
  } finally {
    block = outer;
  }
}

export function runWithoutBlock<T>(run: () => T): T {
  const outer = block;
  block = null;
  try {
    return run();
  } finally {
    block = outer;
  }
}

export function withView<T>(target: ViewV2 | null, run: () => T): T {
  const outer = view;
  view = target;
  try {
    return run();
  } finally {
    view = outer;
  }
}

/** The block to build into. */
export function requireBlock(what: string): Block {
  if (block === null) {
    throw new Error(`${what} can only be built inside build() or a @Builder`);
  }
  return block;
}

/** What was built in part and then failed must not live on. */
export function orDispose(dispose: () => void, build: () => void): void {
  try {
    build();
  } catch (error) {
    dispose();
    throw error;
  }
}
