import type AbilityConstant from '@ohos.app.ability.AbilityConstant';
import { enumOf } from './support/enums.js';
import { loud } from './support/loud.js';

export default loud<typeof AbilityConstant>('AbilityConstant', {
  LaunchReason: enumOf<typeof AbilityConstant.LaunchReason>({
    UNKNOWN: 0,
    START_ABILITY: 1,
    CALL: 2,
    CONTINUATION: 3,
    APP_RECOVERY: 4,
    SHARE: 5,
    AUTO_STARTUP: 8,
    INSIGHT_INTENT: 9,
    PREPARE_CONTINUATION: 10,
  }),
  LastExitReason: enumOf<typeof AbilityConstant.LastExitReason>({
    UNKNOWN: 0,
    ABILITY_NOT_RESPONDING: 1,
    NORMAL: 2,
    CPP_CRASH: 3,
    JS_ERROR: 4,
    APP_FREEZE: 5,
    PERFORMANCE_CONTROL: 6,
    RESOURCE_CONTROL: 7,
    UPGRADE: 8,
  }),
  MemoryLevel: enumOf<typeof AbilityConstant.MemoryLevel>({
    MEMORY_LEVEL_MODERATE: 0,
    MEMORY_LEVEL_LOW: 1,
    MEMORY_LEVEL_CRITICAL: 2,
  }),
});
