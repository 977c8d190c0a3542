import type common from '@ohos.app.ability.common';
import type { Configuration } from '@ohos.app.ability.Configuration';
import type window from '@ohos.window';
import { setAppColorMode, setAppLanguage } from '../../kits/support/configuration.js';
import { HostEventHub } from '../../kits/support/event-hub.js';
import { hostProcess } from '../../kits/support/host-process.js';
import { loud } from '../../kits/support/loud.js';
import { hostResourceManager } from '../../kits/support/resource-manager.js';

type ApplicationInfo = common.Context['applicationInfo'];
type ModuleInfo = common.UIAbilityContext['currentHapModuleInfo'];
type AbilityInfo = common.UIAbilityContext['abilityInfo'];
type ColorMode = Parameters<common.ApplicationContext['setColorMode']>[0];

const DARK = 0;
const LIGHT = 1;

export interface ContextOptions {
  moduleName: string;
  abilityName: string;
  configuration: () => Configuration;
  windowStage: () => window.WindowStage;
}

/** Paths of the sandbox. Nothing is stored there: the file kit is not implemented. */
function folders(moduleName: string | null): Partial<common.Context> {
  const base = moduleName === null ? '/data/storage/el2/base' : `/data/storage/el2/base/haps/${moduleName}`;
  return {
    filesDir: `${base}/files`,
    cacheDir: `${base}/cache`,
    tempDir: `${base}/temp`,
    preferencesDir: `${base}/preferences`,
    databaseDir: '/data/storage/el2/database',
  };
}

function applicationInfo(): ApplicationInfo {
  return loud<ApplicationInfo>('applicationInfo', { name: hostProcess.bundleName, debug: hostProcess.isDebug });
}

function applicationContext(): common.ApplicationContext {
  return loud<common.ApplicationContext>('ApplicationContext', {
    ...folders(null),
    stageMode: true,
    resourceManager: hostResourceManager,
    applicationInfo: applicationInfo(),
    eventHub: new HostEventHub(),
    setColorMode: (mode: ColorMode) => setAppColorMode(mode === DARK ? 'dark' : mode === LIGHT ? 'light' : null),
    setLanguage: (language) => setAppLanguage(language === '' ? null : language),
  });
}

/** The context that the ability has as `this.context` and pages as `getUIContext().getHostContext()`. */
export function createAbilityContext(options: ContextOptions): common.UIAbilityContext {
  const application = applicationContext();
  return loud<common.UIAbilityContext>('UIAbilityContext', {
    ...folders(options.moduleName),
    stageMode: true,
    resourceManager: hostResourceManager,
    applicationInfo: applicationInfo(),
    eventHub: new HostEventHub(),
    getApplicationContext: () => application,
    abilityInfo: loud<AbilityInfo>('abilityInfo', {
      bundleName: hostProcess.bundleName,
      name: options.abilityName,
      moduleName: options.moduleName,
    }),
    currentHapModuleInfo: loud<ModuleInfo>('hapModuleInfo', { name: options.moduleName }),
    get config(): Configuration {
      return options.configuration();
    },
    get windowStage(): window.WindowStage {
      return options.windowStage();
    },
    terminateSelf: (() => {
      globalThis.close();
      return Promise.resolve();
    }) as common.UIAbilityContext['terminateSelf'],
  });
}
