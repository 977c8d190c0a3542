import type Want from '@ohos.app.ability.Want';
import type UIAbility from '@ohos.app.ability.UIAbility';
import { configurationChanged, setSystemColorMode, setSystemLocale } from '../kits/support/configuration.js';
import { setMainWindow } from '../kits/support/current-window.js';
import { hostProcess } from '../kits/support/host-process.js';
import { HostWindow, HostWindowStage } from '../kits/support/host-window.js';
import { setHostContext, uiContext } from '../kits/support/ui-context.js';
import { createAbilityContext } from './ability/contexts.js';
import { showFailure } from './ability/failure-screen.js';
import { parseLaunch, type Launch } from './ability/launch.js';
import { currentConfiguration, Lifecycle } from './ability/lifecycle.js';
import { registerRoutes, type RouteBuilder } from './components/nav-routes.js';
import { installTheme } from './components/theme.js';
import { device, fontScale, windowSize } from './core/config.js';
import { HostError } from './core/errors.js';
import { effect } from './core/reactive.js';
import { setResources, type ResourceTables } from './core/resources.js';
import { isView } from './core/state-v2.js';
import { mountView, type MountedView } from './core/tree.js';
import { setUIContextFactory } from './core/view.js';

type ViewClass = Parameters<typeof mountView>[0];

export interface BootOptions {
  /** The UIAbility of module.json5's `mainElement`. */
  ability: new () => object;
  abilityName: string;
  /** The module that the ability is in. */
  entryModule: string;
  /** The `app` object of AppScope/app.json5. */
  app: { bundleName: string; versionCode: number; versionName: string };
  modules: readonly object[];
  /** By the names of main_pages.json, such as `pages/Index`: what each file exports, its @Entry struct among it. */
  pages: Readonly<Record<string, object>>;
  /** By the names of route_map.json. */
  routes: Readonly<Record<string, RouteBuilder>>;
  resources: ResourceTables;
}

/** Starts the app in this page, as the system starts it on a device. The page's address says on what kind of device. */
export function boot(options: BootOptions): void {
  globalThis.addEventListener('error', (event: ErrorEvent) => {
    // What the host does not know must be seen, not only logged.
    if (event.error instanceof HostError) {
      showFailure('The host does not know this', event.error);
    }
  });
  globalThis.addEventListener('unhandledrejection', (event: PromiseRejectionEvent) => {
    if (event.reason instanceof HostError) {
      showFailure('The host does not know this', event.reason);
    }
  });
  try {
    start(options);
  } catch (error) {
    showFailure('The app could not be started', error);
  }
}

function start(options: BootOptions): void {
  const launch = parseLaunch(location.search);
  Object.assign(hostProcess, {
    bundleName: options.app.bundleName,
    versionCode: options.app.versionCode,
    versionName: options.app.versionName,
    profile: launch.profile,
    isDebug: launch.isDebug,
  });
  setResources(options.resources);
  registerRoutes(options.routes);
  configure(launch);

  const window = new HostWindow(pageLoader(options.pages));
  const stage = new HostWindowStage(window);
  setMainWindow(window);
  globalThis.addEventListener('resize', () => window.resize(innerWidth, innerHeight));

  const ability = new options.ability() as UIAbility;
  const context = createAbilityContext({
    moduleName: options.entryModule,
    abilityName: options.abilityName,
    configuration: currentConfiguration,
    windowStage: () => stage.api,
  });
  ability.context = context;
  setHostContext(context);
  setUIContextFactory(uiContext);

  const lifecycle = new Lifecycle(ability, stage);
  configurationChanged.add(() => lifecycle.configurationChanged());
  lifecycle.start(wantOf(options, launch));
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      lifecycle.background();
    } else {
      lifecycle.foreground();
    }
  });
}

function configure(launch: Launch): void {
  device.set(launch.device);
  fontScale.set(launch.fontScale);
  windowSize.set({ width: innerWidth, height: innerHeight });
  setSystemLocale(launch.locale ?? navigator.language);
  if (launch.colorMode === 'system') {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => setSystemColorMode(dark.matches ? 'dark' : 'light');
    dark.addEventListener('change', follow);
    follow();
  } else {
    setSystemColorMode(launch.colorMode);
  }
  installTheme();
  effect(() => {
    document.documentElement.dataset['device'] = device.get();
  });
}

/** One page at a time: a second loadContent takes the place of the first. */
function pageLoader(pages: BootOptions['pages']): (path: string) => void {
  let shown: MountedView | null = null;
  return (path) => {
    try {
      const page = pages[path];
      if (page === undefined) {
        throw new Error(`loadContent: expected ${Object.keys(pages).join(', ')} (main_pages.json), got '${path}'`);
      }
      shown?.dispose();
      shown = mountView(entryStruct(path, page), rootElement());
    } catch (error) {
      showFailure(`The page ${path} could not be built`, error);
      throw error;
    }
  };
}

function entryStruct(path: string, page: object): ViewClass {
  const found = Object.values(page).filter((value): value is ViewClass => isView(value));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${path}: expected one struct (the one with @Entry) among its exports, got ${found.length}`);
  }
  return only;
}

function rootElement(): HTMLElement {
  const found = document.getElementById('app');
  if (found !== null) {
    return found;
  }
  const made = document.createElement('div');
  made.id = 'app';
  document.body.appendChild(made);
  return made;
}

function wantOf(options: BootOptions, launch: Launch): Want {
  return {
    bundleName: options.app.bundleName,
    moduleName: options.entryModule,
    abilityName: options.abilityName,
    deviceId: '',
    parameters: launch.parameters as unknown as Record<string, object>,
  };
}
