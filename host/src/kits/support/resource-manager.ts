import type resourceManager from '@ohos.resourceManager';
import { colorMode, device, locale } from '../../runtime/core/config.js';
import { HostError } from '../../runtime/core/errors.js';
import { formatText } from '../../runtime/core/format-text.js';
import { untracked } from '../../runtime/core/reactive.js';
import { lookUp, Resource as CoreResource, resolveColor, resolveString } from '../../runtime/core/resources.js';
import { KitError } from './business-error.js';
import { enumOf } from './enums.js';
import { loud } from './loud.js';

type Resource = resourceManager.Resource;
type Args = (string | number)[];

export const DeviceType = enumOf<typeof resourceManager.DeviceType>({
  DEVICE_TYPE_PHONE: 0,
  DEVICE_TYPE_TABLET: 1,
  DEVICE_TYPE_CAR: 2,
  DEVICE_TYPE_PC: 3,
  DEVICE_TYPE_TV: 4,
  DEVICE_TYPE_WEARABLE: 6,
  DEVICE_TYPE_2IN1: 7,
});
export const ColorMode = enumOf<typeof resourceManager.ColorMode>({ DARK: 0, LIGHT: 1 });
export const Direction = enumOf<typeof resourceManager.Direction>({
  DIRECTION_VERTICAL: 0,
  DIRECTION_HORIZONTAL: 1,
});
export const ScreenDensity = enumOf<typeof resourceManager.ScreenDensity>({
  SCREEN_SDPI: 120,
  SCREEN_MDPI: 160,
  SCREEN_LDPI: 240,
  SCREEN_XLDPI: 320,
  SCREEN_XXLDPI: 480,
  SCREEN_XXXLDPI: 640,
});

/** Resource ids exist on a device only: `$r(...)` is an object here. */
function resourceOf(value: Resource | number, params?: Args): CoreResource {
  if (!(value instanceof CoreResource)) {
    throw new HostError(`resourceManager: expected a resource, $r(...), or a call by name, got ${typeof value}`);
  }
  const { bundleName, moduleName, id, space, type, name } = value;
  return new CoreResource(bundleName, moduleName, id, space, type, name, params ?? value.params);
}

/** Reads the value of now: unlike `$r` in a page, it does not follow a change of language. */
function text(resource: () => string): string {
  return untracked(resource);
}

function byName<T>(name: string, find: () => T): T {
  try {
    return untracked(find);
  } catch (error) {
    throw new KitError(9001003, `Invalid resource name: ${name}. ${String(error)}`);
  }
}

function pluralByName(name: string, count: number): string {
  const forms = byName(name, () => lookUp('plural', name));
  const category = new Intl.PluralRules(locale.peek()).select(count);
  return formatText(forms[category] ?? forms['other'] ?? '', [count]);
}

/** 0xAARRGGBB of `#rrggbb`, `#rrggbbaa` or `rgba(…)`. */
function colorNumber(css: string): number {
  const hex = /^#([0-9a-f]{6})([0-9a-f]{2})?$/i.exec(css);
  if (hex !== null) {
    return parseInt((hex[2] ?? 'ff') + hex[1], 16);
  }
  const parts = /^rgba?\(([^)]*)\)$/
    .exec(css)?.[1]
    ?.split(/[\s,/]+/)
    .map(Number);
  if (parts === undefined || parts.length < 3 || parts.some(Number.isNaN)) {
    throw new HostError(`resourceManager.getColorSync: cannot read the colour ${css}`);
  }
  const [red = 0, green = 0, blue = 0, alpha = 1] = parts;
  return ((Math.round(alpha * 255) << 24) | (red << 16) | (green << 8) | blue) >>> 0;
}

function getConfigurationSync(): resourceManager.Configuration {
  return {
    direction: Direction.DIRECTION_VERTICAL,
    locale: locale.peek().replaceAll('-', '_'),
    deviceType: deviceType(),
    screenDensity: ScreenDensity.SCREEN_XXLDPI,
    colorMode: colorMode.peek() === 'dark' ? ColorMode.DARK : ColorMode.LIGHT,
    mcc: 0,
    mnc: 0,
  };
}

function deviceType(): resourceManager.DeviceType {
  const types = {
    phone: DeviceType.DEVICE_TYPE_PHONE,
    tablet: DeviceType.DEVICE_TYPE_TABLET,
    '2in1': DeviceType.DEVICE_TYPE_2IN1,
  };
  return types[device.peek()];
}

/** Texts of the moment: a page that must follow a change of language uses $r instead. */
export const hostResourceManager = loud<resourceManager.ResourceManager>('resourceManager', {
  getStringSync: (resource: Resource | number, ...args: Args) =>
    text(() => resolveString(resourceOf(resource, args.length > 0 ? args : undefined))),
  getStringByNameSync: (name: string, ...args: Args) =>
    formatText(
      byName(name, () => lookUp('string', name)),
      args,
    ),
  getPluralStringValueSync: (resource: Resource | number, count: number) =>
    pluralByName(resourceOf(resource).name, count),
  getPluralStringByNameSync: (name, count) => pluralByName(name, count),
  getColorSync: (resource: Resource | number) => colorNumber(text(() => resolveColor(resourceOf(resource)))),
  getConfigurationSync,
  getDeviceCapabilitySync: () => ({ deviceType: deviceType(), screenDensity: ScreenDensity.SCREEN_XXLDPI }),
});
