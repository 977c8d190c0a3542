import type i18n from '@ohos.i18n';
import { KitError } from './support/business-error.js';
import { appLanguage, setAppLanguage, systemLocale } from './support/configuration.js';
import { loud } from './support/loud.js';

type System = typeof i18n.System;

/** `zh-Hans` for Chinese, whose script the kit always names; else the bare language. */
function systemLanguage(): string {
  const full = new Intl.Locale(systemLocale()).maximize();
  return full.language === 'zh' ? `zh-${full.script ?? 'Hans'}` : full.language;
}

function is24HourClock(): boolean {
  const cycle = new Intl.DateTimeFormat(systemLocale(), { hour: 'numeric' }).resolvedOptions().hourCycle;
  return cycle === 'h23' || cycle === 'h24';
}

/** 'default' gives the choice back to the system. */
function setAppPreferredLanguage(language: string): void {
  if (language === 'default') {
    setAppLanguage(null);
    return;
  }
  try {
    setAppLanguage(new Intl.Locale(language).baseName);
  } catch {
    throw new KitError(890001, `Invalid parameter. language: expected a language tag or 'default', got ${language}`);
  }
}

class HostSystem {
  static getSystemLanguage: System['getSystemLanguage'] = systemLanguage;
  static getSystemLocale: System['getSystemLocale'] = () => new Intl.Locale(systemLocale()).maximize().baseName;
  static getSystemRegion: System['getSystemRegion'] = () => new Intl.Locale(systemLocale()).maximize().region ?? '';
  static is24HourClock: System['is24HourClock'] = is24HourClock;
  static getFirstPreferredLanguage: System['getFirstPreferredLanguage'] = systemLanguage;
  static getPreferredLanguageList: System['getPreferredLanguageList'] = () => [systemLanguage()];
  static setAppPreferredLanguage: System['setAppPreferredLanguage'] = setAppPreferredLanguage;
  static getAppPreferredLanguage: System['getAppPreferredLanguage'] = () => appLanguage() ?? systemLanguage();
  static getDisplayLanguage: System['getDisplayLanguage'] = (language, locale, sentenceCase = true) => {
    const name = new Intl.DisplayNames([locale], { type: 'language' }).of(language) ?? language;
    return sentenceCase ? name.charAt(0).toLocaleUpperCase(locale) + name.slice(1) : name;
  };
}

export default loud<typeof i18n>('i18n', {
  System: loud<System>('i18n.System', HostSystem),
  isRTL: (locale) => ['Arab', 'Hebr'].includes(new Intl.Locale(locale).maximize().script ?? ''),
});
