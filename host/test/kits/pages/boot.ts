/** Runs in the browser: a small app, written as the compiler would emit it, that records what happens to it. */
import type { BusinessError } from '@ohos.base';
import type Want from '@ohos.app.ability.Want';
import type { Configuration } from '@ohos.app.ability.Configuration';
import type common from '@ohos.app.ability.common';
import type windowTypes from '@ohos.window';
import type { UIContext } from '@ohos.arkui.UIContext';
import ConfigurationConstant from '../../../src/kits/ohos.app.ability.ConfigurationConstant.js';
import UIAbility from '../../../src/kits/ohos.app.ability.UIAbility.js';
import bundleManager from '../../../src/kits/ohos.bundle.bundleManager.js';
import i18n from '../../../src/kits/ohos.i18n.js';
import { boot } from '../../../src/runtime/boot.js';
import { UINode } from '../../../src/runtime/core/node.js';
import { __r, resolveColor, resolveString, type ResourceTables } from '../../../src/runtime/core/resources.js';
import { __el } from '../../../src/runtime/core/tree.js';
import { ViewV2 } from '../../../src/runtime/core/view.js';

const query = new URLSearchParams(location.search);
const fault = query.get('fault');
const events: string[] = [];
const holder: { context?: common.UIAbilityContext; ui?: UIContext; window?: windowTypes.Window } = {};

class Label extends UINode {
  constructor() {
    super(document.createElement('p'));
  }

  create(text: string, color: string): void {
    this.element.textContent = text;
    this.element.style.color = color;
  }
}

class Index extends ViewV2 {
  build(): void {
    if (fault === 'build') {
      throw new Error('the page is broken');
    }
    holder.ui = this.getUIContext() as UIContext;
    __el(
      Label,
      (node) =>
        (node as Label).create(
          resolveString(__r('entry', 'app.string.hello')),
          resolveColor(__r('entry', 'app.color.ink')),
        ),
      null,
      'Index.ets',
      1,
    );
  }
}

class EntryAbility extends UIAbility {
  override onCreate(want: Want): void {
    events.push(`onCreate ${JSON.stringify(want.parameters)}`);
    holder.context = this.context;
    if (fault === 'create') {
      throw new Error('the ability is broken');
    }
  }

  override onWindowStageCreate(stage: windowTypes.WindowStage): void {
    events.push('onWindowStageCreate');
    holder.window = stage.getMainWindowSync();
    holder.window.on('windowSizeChange', (size) => events.push(`size ${size.width}x${size.height}`));
    stage.on('windowStageEvent', (event) => events.push(`stage ${event}`));
    stage.loadContent(fault === 'path' ? 'pages/None' : 'pages/Index', (error: BusinessError) => {
      events.push(`loaded ${error.code}`);
    });
  }

  override onForeground(): void {
    events.push('onForeground');
  }

  override onBackground(): void {
    events.push('onBackground');
  }

  override onConfigurationUpdate(config: Configuration): void {
    events.push(`config ${config.language} ${config.colorMode}`);
  }
}

const resources: ResourceTables = {
  bundleName: 'org.example.boot',
  string: { hello: { base: 'Hello', zh_CN: '你好' }, greet: { base: 'Hello %s' } },
  color: { ink: { base: '#FF000000', dark: '#FFFFFFFF' } },
  float: {},
  integer: {},
  boolean: {},
  plural: { n: { base: { one: '%d thing', other: '%d things' } } },
  strarray: {},
  intarray: {},
  media: {},
  profile: {},
  rawfile: {},
};

const app = {
  events,
  holder,
  i18n,
  bundleManager,
  ColorMode: ConfigurationConstant.ColorMode,
  resource: (path: string) => __r('entry', path),
};
export type BootedApp = typeof app;
Object.assign(globalThis, { app });

boot({
  ability: EntryAbility,
  abilityName: 'EntryAbility',
  entryModule: 'entry',
  app: { bundleName: 'org.example.boot', versionCode: 7, versionName: '0.7.0' },
  modules: [],
  pages: { 'pages/Index': { Index } },
  routes: {},
  resources,
});
