import { colorMode, device, fontScale, locale, windowSize } from './config.js';
import { formatText } from './format-text.js';
import { parseColor } from './color.js';
import { bestValue, type QualifiedValues } from './qualifiers.js';
import { systemColor } from './system-colors.js';

/** What `$r(...)` and `$rawfile(...)` make. Plain data, as on a device. */
export class Resource {
  constructor(
    readonly bundleName: string,
    readonly moduleName: string,
    /** A number that stays the same within one build; -1 for `sys.*` and rawfile. */
    readonly id: number,
    /** `app` or `sys`, or `rawfile`. */
    readonly space: 'app' | 'sys' | 'rawfile',
    /** `string`, `color`, `float`, `integer`, `boolean`, `plural`, `strarray`, `intarray`, `media`, `profile`, `rawfile`. */
    readonly type: string,
    readonly name: string,
    readonly params: readonly (string | number | Resource)[],
  ) {}
}

export type ResourceStr = string | Resource;
export type ResourceColor = string | number | Resource;
export type Length = string | number;

/** One media file: SVG as text, so that `fillColor` can be applied, everything else by address. */
export type MediaValue = { svg: string; url: string } | { url: string };

export type PluralValue = Readonly<Record<string, string>>;

/** Made by the compiler: type → name → qualifier directory (`base`, `zh_CN`, `dark`, `zh_CN-dark`…) → value. */
export interface ResourceTables {
  bundleName: string;
  string: Record<string, QualifiedValues<string>>;
  color: Record<string, QualifiedValues<string>>;
  float: Record<string, QualifiedValues<string>>;
  integer: Record<string, QualifiedValues<number>>;
  boolean: Record<string, QualifiedValues<boolean>>;
  plural: Record<string, QualifiedValues<PluralValue>>;
  strarray: Record<string, QualifiedValues<readonly string[]>>;
  intarray: Record<string, QualifiedValues<readonly number[]>>;
  media: Record<string, QualifiedValues<MediaValue>>;
  profile: Record<string, QualifiedValues<unknown>>;
  /** Path below rawfile → address. */
  rawfile: Record<string, string>;
}

export type ResourceType = Exclude<keyof ResourceTables, 'bundleName' | 'rawfile'>;

type ValueOf<T extends ResourceType> = ResourceTables[T][string] extends QualifiedValues<infer V> ? V : never;

export function emptyTables(bundleName: string): ResourceTables {
  return {
    bundleName,
    string: {},
    color: {},
    float: {},
    integer: {},
    boolean: {},
    plural: {},
    strarray: {},
    intarray: {},
    media: {},
    profile: {},
    rawfile: {},
  };
}

let tables: ResourceTables = emptyTables('');

/** `boot` gives the tables of the build. */
export function setResources(next: ResourceTables): void {
  tables = next;
}

export function resourceTables(): ResourceTables {
  return tables;
}

/** Emitted for `$r('app.string.title', ...args)`; the compiler has checked that the name exists. */
export function __r(moduleName: string, path: string, params: (string | number | Resource)[] = []): Resource {
  const [space, type = '', name = ''] = path.split('.');
  const id = space === 'app' ? Object.keys(tables[type as ResourceType] ?? {}).indexOf(name) : -1;
  return new Resource(tables.bundleName, moduleName, id, space === 'sys' ? 'sys' : 'app', type, name, params);
}

/** Emitted for `$rawfile('dir/file.json')`. */
export function __rawfile(moduleName: string, path: string): Resource {
  return new Resource(tables.bundleName, moduleName, -1, 'rawfile', 'rawfile', path, []);
}

/**
 * The value of an app resource for the configuration of now; tracked, so that a change of theme or language re-runs the
 * effect. Throws when the name has no value at all.
 */
export function lookUp<T extends ResourceType>(type: T, name: string): ValueOf<T> {
  const values = tables[type][name] as QualifiedValues<ValueOf<T>> | undefined;
  const value =
    values === undefined
      ? undefined
      : bestValue(values, { locale: locale.get(), colorMode: colorMode.get(), device: device.get() });
  if (value === undefined) {
    throw new Error(`resource app.${type}.${name} has no value for locale ${locale.get()}, ${colorMode.get()}`);
  }
  return value;
}

export function resolveString(value: ResourceStr | number | null | undefined): string {
  if (value === undefined || value === null) {
    return '';
  }
  if (!(value instanceof Resource)) {
    return String(value);
  }
  const args = value.params.map((param) => (param instanceof Resource ? resolveString(param) : param));
  switch (value.type) {
    case 'string':
      return formatText(lookUp('string', value.name), args);
    case 'plural': {
      const [count, ...rest] = args;
      const forms = lookUp('plural', value.name);
      const category = new Intl.PluralRules(locale.get()).select(Number(count));
      return formatText(forms[category] ?? forms['other'] ?? '', rest);
    }
    case 'float':
    case 'integer':
    case 'color':
      return String(lookUp(value.type, value.name));
    default:
      throw new Error(`a resource of type ${value.type} (${value.name}) is not a text`);
  }
}

/** A CSS colour. */
export function resolveColor(value: ResourceColor): string {
  if (!(value instanceof Resource)) {
    return parseColor(value);
  }
  if (value.type !== 'color') {
    throw new Error(`a resource of type ${value.type} (${value.name}) is not a colour`);
  }
  return parseColor(value.space === 'sys' ? systemColor(value.name, colorMode.get()) : lookUp('color', value.name));
}

/** A CSS length: numbers and `vp` are CSS pixels, `fp` follows the font scale, `lpx` is 1/720 of the window's width. */
export function resolveLength(value: Length | Resource): string {
  if (value instanceof Resource) {
    if (value.type !== 'float' && value.type !== 'integer' && value.type !== 'string') {
      throw new Error(`a resource of type ${value.type} (${value.name}) is not a length`);
    }
    return resolveLength(lookUp(value.type, value.name));
  }
  if (typeof value === 'number') {
    return `${value}px`;
  }
  const match = /^\s*(-?\d*\.?\d+)\s*(vp|fp|px|lpx|%)?\s*$/.exec(value);
  if (match === null) {
    if (value === 'auto') {
      return value;
    }
    throw new Error(`'${value}' is not a length: expected a number, or text such as '12vp', '16fp', '1px', '50%'`);
  }
  const amount = Number(match[1]);
  switch (match[2]) {
    case '%':
      return `${amount}%`;
    case 'fp':
      return `${amount * fontScale.get()}px`;
    case 'px':
      return `${amount / devicePixelRatioNow()}px`;
    case 'lpx':
      return `${(amount * windowSize.get().width) / LPX_DESIGN_WIDTH}px`;
    default:
      return `${amount}px`;
  }
}

/** The length in vp; percentages and `auto` are refused. */
export function resolveVp(value: Length | Resource): number {
  const css = resolveLength(value);
  if (!css.endsWith('px')) {
    throw new Error(`'${css}' is not a fixed length`);
  }
  return Number.parseFloat(css);
}

/** The address of a picture. */
export function resolveMedia(value: ResourceStr): string {
  if (!(value instanceof Resource)) {
    return value;
  }
  if (value.type === 'rawfile') {
    return tables.rawfile[value.name] ?? '';
  }
  return lookUp('media', value.name).url;
}

/** The text of an SVG resource, null for other pictures. */
export function resolveSvg(value: ResourceStr): string | null {
  if (!(value instanceof Resource) || value.type !== 'media') {
    return null;
  }
  const media = lookUp('media', value.name);
  return 'svg' in media ? media.svg : null;
}

/** Width in lpx of the design that `lpx` refers to: the default of a module's `designWidth`. */
const LPX_DESIGN_WIDTH = 720;

function devicePixelRatioNow(): number {
  return typeof devicePixelRatio === 'number' && devicePixelRatio > 0 ? devicePixelRatio : 1;
}
