import type { ColorModeName, DeviceName } from './config.js';

/** Value by qualifier directory, `base` being the fallback. */
export type QualifiedValues<T> = Readonly<Record<string, T>>;

export interface Configuration {
  /** BCP 47. */
  locale: string;
  colorMode: ColorModeName;
  device: DeviceName;
}

export interface Qualifiers {
  language: string | null;
  script: string | null;
  region: string | null;
  device: DeviceName | null;
  colorMode: ColorModeName | null;
}

/**
 * Reads a resource directory's name: parts joined by `-` in the fixed order locale, orientation, device, colour mode,
 * density; the parts of a locale joined by `_`. Null for a name that is none, or that uses a qualifier not known here.
 */
export function parseQualifiers(directory: string): Qualifiers | null {
  let parsed = parsedDirectories.get(directory);
  if (parsed === undefined) {
    parsed = readQualifiers(directory);
    parsedDirectories.set(directory, parsed);
  }
  return parsed;
}

/** Resources are looked up in every effect that shows one; their few folders and locales are read once. */
const parsedDirectories = new Map<string, Qualifiers | null>();
const parsedLocales = new Map<string, Intl.Locale>();

/** With the likely script and region filled in: `zh` is `zh-Hans-CN`. */
function fullLocale(tag: string): Intl.Locale {
  let parsed = parsedLocales.get(tag);
  if (parsed === undefined) {
    parsed = new Intl.Locale(tag).maximize();
    parsedLocales.set(tag, parsed);
  }
  return parsed;
}

function readQualifiers(directory: string): Qualifiers | null {
  const found: Qualifiers = { language: null, script: null, region: null, device: null, colorMode: null };
  if (directory === 'base') {
    return found;
  }
  for (const part of directory.split('-')) {
    const locale = /^([a-z]{2,3})(?:_([A-Z][a-z]{3}))?(?:_([A-Z]{2}))?$/.exec(part);
    if (part === 'dark' || part === 'light') {
      found.colorMode = part;
    } else if (part === 'phone' || part === 'tablet' || part === '2in1') {
      found.device = part;
    } else if (locale !== null) {
      found.language = locale[1] ?? null;
      found.script = locale[2] ?? null;
      found.region = locale[3] ?? null;
    } else {
      return null;
    }
  }
  return found;
}

/** The value whose qualifiers all agree with the configuration and weigh most; locale over device over colour mode. */
export function bestValue<T>(values: QualifiedValues<T>, configuration: Configuration): T | undefined {
  let best: T | undefined;
  let bestWeight = -1;
  for (const [directory, value] of Object.entries(values)) {
    const qualifiers = parseQualifiers(directory);
    const weight = qualifiers === null ? -1 : weigh(qualifiers, configuration);
    if (weight > bestWeight) {
      best = value;
      bestWeight = weight;
    }
  }
  return best;
}

const LOCALE_WEIGHT = 100;
const DEVICE_WEIGHT = 10;
const COLOR_MODE_WEIGHT = 1;

/** -1 when a qualifier contradicts the configuration. */
function weigh(qualifiers: Qualifiers, configuration: Configuration): number {
  let weight = 0;
  if (qualifiers.language !== null) {
    const { language, script, region } = fullLocale(configuration.locale);
    if (language !== qualifiers.language || (qualifiers.script !== null && qualifiers.script !== script)) {
      return -1;
    }
    // Guessed: another region of the language is better than `base`, its own region better than any.
    weight += LOCALE_WEIGHT * (qualifiers.region === null ? 2 : qualifiers.region === region ? 3 : 1);
  }
  if (qualifiers.device !== null) {
    if (qualifiers.device !== configuration.device) {
      return -1;
    }
    weight += DEVICE_WEIGHT;
  }
  if (qualifiers.colorMode !== null) {
    if (qualifiers.colorMode !== configuration.colorMode) {
      return -1;
    }
    weight += COLOR_MODE_WEIGHT;
  }
  return weight;
}
