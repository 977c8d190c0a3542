import type UIAbility from '@ohos.app.ability.UIAbility';
import type Want from '@ohos.app.ability.Want';
import type { Configuration } from '@ohos.app.ability.Configuration';
import AbilityConstant from '../../kits/ohos.app.ability.AbilityConstant.js';
import ConfigurationConstant from '../../kits/ohos.app.ability.ConfigurationConstant.js';
import { densityPixels } from '../../kits/support/density.js';
import type { HostWindowStage } from '../../kits/support/host-window.js';
import { WindowStageEventType } from '../../kits/support/window-enums.js';
import { colorMode, fontScale, locale, windowSize } from '../core/config.js';

/** Densities of a device are those of ConfigurationConstant; the host's are all XXLDPI or XLDPI. */
const DPI_PER_DENSITY = 160;

/** What `onConfigurationUpdate` and `context.config` tell. */
export function currentConfiguration(): Configuration {
  const { width, height } = windowSize.peek();
  const modes = ConfigurationConstant.ColorMode;
  const directions = ConfigurationConstant.Direction;
  return {
    language: locale.peek(),
    colorMode: colorMode.peek() === 'dark' ? modes.COLOR_MODE_DARK : modes.COLOR_MODE_LIGHT,
    direction: width > height ? directions.DIRECTION_HORIZONTAL : directions.DIRECTION_VERTICAL,
    screenDensity: densityPixels() * DPI_PER_DENSITY,
    fontSizeScale: fontScale.peek(),
    displayId: 0,
  };
}

/**
 * Runs an ability through its states in the order of a device: onCreate, onWindowStageCreate, onForeground, then the
 * window's SHOWN and ACTIVE; and back: INACTIVE, HIDDEN, then onBackground.
 */
export class Lifecycle {
  private isForeground = false;

  constructor(
    private readonly ability: UIAbility,
    private readonly stage: HostWindowStage,
  ) {}

  start(want: Want): void {
    this.ability.launchWant = want;
    this.ability.lastRequestWant = want;
    this.ability.onCreate(want, {
      launchReason: AbilityConstant.LaunchReason.START_ABILITY,
      lastExitReason: AbilityConstant.LastExitReason.NORMAL,
      lastExitMessage: '',
    });
    this.ability.onWindowStageCreate(this.stage.api);
    this.foreground();
  }

  foreground(): void {
    if (!this.isForeground) {
      this.isForeground = true;
      this.ability.onForeground();
      this.stage.main.setVisible(true);
      this.stage.events.emit(WindowStageEventType.SHOWN);
      this.stage.events.emit(WindowStageEventType.ACTIVE);
    }
  }

  background(): void {
    if (this.isForeground) {
      this.isForeground = false;
      this.stage.events.emit(WindowStageEventType.INACTIVE);
      this.stage.main.setVisible(false);
      this.stage.events.emit(WindowStageEventType.HIDDEN);
      this.ability.onBackground();
    }
  }

  configurationChanged(): void {
    this.ability.onConfigurationUpdate(currentConfiguration());
  }
}
