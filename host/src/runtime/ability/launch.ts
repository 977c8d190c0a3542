import type { ColorModeName, DeviceName } from '../core/config.js';

/** What the address of a preview page says; the names are those of its query. */
export interface Launch {
  device: DeviceName;
  colorMode: ColorModeName | 'system';
  /** BCP 47; null: the browser's. */
  locale: string | null;
  fontScale: number;
  /** Separates what the kits persist. */
  profile: string;
  /** `debug=false` is a build for release, which has no sign-in by `p.*`. */
  isDebug: boolean;
  /** Every `p.NAME=value`. */
  parameters: Record<string, string>;
}

const DEVICES: readonly DeviceName[] = ['phone', 'tablet', '2in1'];
const COLOR_MODES: readonly Launch['colorMode'][] = ['light', 'dark', 'system'];
const MIN_FONT_SCALE = 0.5;
const MAX_FONT_SCALE = 3.2;
const PARAMETER = 'p.';

/** Throws on a value that it does not know: a misspelt switch must not look like one that has no effect. */
export function parseLaunch(search: string): Launch {
  const query = new URLSearchParams(search);
  return {
    device: oneOf('device', query.get('device') ?? 'phone', DEVICES),
    colorMode: oneOf('colorMode', query.get('colorMode') ?? 'light', COLOR_MODES),
    locale: localeOf(query.get('locale')),
    fontScale: fontScaleOf(query.get('fontScale') ?? '1'),
    profile: profileOf(query.get('profile') ?? 'default'),
    isDebug: oneOf('debug', query.get('debug') ?? 'true', ['true', 'false']) === 'true',
    parameters: Object.fromEntries(
      [...query]
        .filter(([key]) => key.startsWith(PARAMETER))
        .map(([key, value]) => [key.slice(PARAMETER.length), value]),
    ),
  };
}

function oneOf<T extends string>(field: string, value: string, known: readonly T[]): T {
  const found = known.find((item) => item === value);
  if (found === undefined) {
    throw new Error(`${field}: expected ${known.join(' | ')}, got '${value}'`);
  }
  return found;
}

function localeOf(value: string | null): string | null {
  try {
    return value === null ? null : new Intl.Locale(value.replace('_', '-')).baseName;
  } catch {
    throw new Error(`locale: expected a language tag such as zh-CN, got '${value}'`);
  }
}

function fontScaleOf(text: string): number {
  const value = Number(text);
  if (!(value >= MIN_FONT_SCALE && value <= MAX_FONT_SCALE)) {
    throw new Error(`fontScale: expected ${MIN_FONT_SCALE} to ${MAX_FONT_SCALE}, got '${text}'`);
  }
  return value;
}

function profileOf(value: string): string {
  if (!/^[\w-]+$/.test(value)) {
    throw new Error(`profile: expected letters, digits, '-' and '_', got '${value}'`);
  }
  return value;
}
