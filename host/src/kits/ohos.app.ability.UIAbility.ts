import type Declared from '@ohos.app.ability.UIAbility';
import { HostError } from '../runtime/core/errors.js';

/** Hooks that the host never calls, so that a page which relies on one is told. */
const NEVER_CALLED = ['onContinue', 'onSaveState', 'onShare', 'onPrepareToTerminate', 'onWindowStageRestore'] as const;

/** The base class of EntryAbility. `boot` sets `context` before onCreate. */
class UIAbility {
  context!: Declared['context'];
  launchWant: Declared['launchWant'] = {};
  lastRequestWant: Declared['lastRequestWant'] = {};

  constructor() {
    for (const hook of NEVER_CALLED) {
      if (typeof (this as unknown as Record<string, unknown>)[hook] === 'function') {
        throw new HostError(`UIAbility.${hook} is not implemented by the host: it would never be called`);
      }
    }
  }

  get callee(): Declared['callee'] {
    throw new HostError('UIAbility.callee is not implemented by the host');
  }

  onCreate(..._args: Parameters<Declared['onCreate']>): void {}
  onNewWant(..._args: Parameters<Declared['onNewWant']>): void {}
  onWindowStageCreate(..._args: Parameters<Declared['onWindowStageCreate']>): void {}
  onWindowStageWillDestroy(..._args: Parameters<Declared['onWindowStageWillDestroy']>): void {}
  onWindowStageDestroy(): void {}
  onForeground(): void {}
  onBackground(): void {}
  onDestroy(): void | Promise<void> {}
  onConfigurationUpdate(..._args: Parameters<Declared['onConfigurationUpdate']>): void {}
  onMemoryLevel(..._args: Parameters<Declared['onMemoryLevel']>): void {}
  onBackPressed(): boolean {
    return false;
  }
}

/** Whatever the declaration has beyond this is one of NEVER_CALLED or onDump. */
type Implemented = Omit<Declared, (typeof NEVER_CALLED)[number] | 'onDump'>;
const conforming: new () => Implemented = UIAbility;

export default conforming as unknown as typeof Declared;
