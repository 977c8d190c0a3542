export { HostError, describeFailure, formatLocation, type EtsLocation } from './errors.js';
export { BrowserFrameClock, FakeFrameClock, type FrameClock } from './frame-clock.js';
export {
  effect,
  flushNow,
  liveSubscribers,
  signal,
  untracked,
  useFrameClock,
  type Effect,
  type Signal,
} from './reactive.js';
export * from './config.js';
export * from './resources.js';
export { mountBuilder, UINode, type LazyItem, type LazySource, type MountLazyItem } from './node.js';
export {
  BuilderParam,
  Consumer,
  Event,
  Local,
  Once,
  Param,
  Provider,
  Require,
  setUIContextFactory,
  ViewV2,
} from './view.js';
export {
  AppStorageV2,
  Computed,
  Monitor,
  ObservedV2,
  Trace,
  UIUtils,
  wrapBuilder,
  type IMonitor,
  type IMonitorValue,
  type WrappedBuilder,
} from './state-v2.js';
export {
  __build,
  __call,
  __el,
  __forEach,
  __if,
  __lazyForEach,
  __method,
  __ref,
  mountView,
  type ComponentClass,
  type MountedView,
} from './tree.js';
export { __repeat, RepeatItem } from './repeat.js';
