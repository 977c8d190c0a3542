import { colorMode, locale, type ColorModeName } from '../../runtime/core/config.js';
import { area } from './area.js';
import { Listeners } from './listeners.js';

const settings = area('system');
const LANGUAGE_KEY = 'appPreferredLanguage';

/** What the system says and what the app overrides. The app's language outlives a restart, its colour mode does not. */
const state = {
  systemLocale: 'en-US',
  systemColorMode: 'light' as ColorModeName,
  appColorMode: null as ColorModeName | null,
};

/** Called after language or colour mode have changed; not for the first values. */
export const configurationChanged = new Listeners<() => void>();

export function setSystemLocale(tag: string): void {
  state.systemLocale = withRegion(tag);
  apply();
}

export function setSystemColorMode(mode: ColorModeName): void {
  state.systemColorMode = mode;
  apply();
}

/** Null: follow the system. */
export function setAppColorMode(mode: ColorModeName | null): void {
  state.appColorMode = mode;
  apply();
}

/** Null: follow the system. */
export function setAppLanguage(tag: string | null): void {
  if (tag === null) {
    settings.delete(LANGUAGE_KEY);
  } else {
    settings.set(LANGUAGE_KEY, tag);
  }
  apply();
}

export function appLanguage(): string | null {
  return settings.get(LANGUAGE_KEY);
}

export function systemLocale(): string {
  return state.systemLocale;
}

/** `zh-Hans` and `zh` become `zh-CN`: resources are found by language and region. */
function withRegion(tag: string): string {
  const full = new Intl.Locale(tag).maximize();
  const likely = new Intl.Locale(`${full.language}-${full.region ?? ''}`).maximize();
  return likely.script === full.script ? `${full.language}-${full.region}` : full.baseName;
}

function apply(): void {
  const preferred = appLanguage();
  const nextLocale = preferred === null ? state.systemLocale : withRegion(preferred);
  const nextMode = state.appColorMode ?? state.systemColorMode;
  const isChanged = nextLocale !== locale.peek() || nextMode !== colorMode.peek();
  locale.set(nextLocale);
  colorMode.set(nextMode);
  if (isChanged) {
    configurationChanged.emit();
  }
}
