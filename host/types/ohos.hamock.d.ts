/** What Parley's tests may use of the ohpm package `@ohos/hamock` 1.0.0: hypium's MockKit and one decorator. */
export { ArgumentMatchers, MockKit, when } from '@ohos/hypium';

/** Marks the class whose setup runs before the tests of its file. */
export declare const MockSetup: MethodDecorator;
