import type systemDateTime from '@ohos.systemDateTime';
import { enumOf } from './support/enums.js';
import { loud } from './support/loud.js';

export default loud<typeof systemDateTime>('systemDateTime', {
  getTime: (isNanoseconds = false) => (isNanoseconds ? Date.now() * 1_000_000 : Date.now()),
  getUptime: (timeType, isNanoseconds = false) => {
    // STARTUP counts sleep and ACTIVE does not; a page has one monotonic clock for both.
    const uptimeMs = Math.floor(performance.now());
    return timeType < 0 ? Number.NaN : uptimeMs * (isNanoseconds ? 1_000_000 : 1);
  },
  getTimezoneSync: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
  TimeType: enumOf<typeof systemDateTime.TimeType>({ STARTUP: 0, ACTIVE: 1 }),
});
