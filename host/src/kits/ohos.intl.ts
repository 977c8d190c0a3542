import type intl from '@ohos.intl';
import { locale as currentLocale } from '../runtime/core/config.js';
import { loud } from './support/loud.js';

type LocaleArgument = string | string[] | undefined;

/** Without an argument the kit takes the locale of the system or, when set, of the app. */
function localeOf(argument: LocaleArgument): string | string[] {
  return argument === undefined || argument.length === 0 ? currentLocale.get() : argument;
}

/** ECMA-402 stands behind both; the declared option types are wider (plain strings), and Intl refuses what it must. */
class DateTimeFormat implements intl.DateTimeFormat {
  private readonly inner: Intl.DateTimeFormat;

  constructor(locale?: LocaleArgument, options?: intl.DateTimeOptions) {
    this.inner = new Intl.DateTimeFormat(localeOf(locale), options as Intl.DateTimeFormatOptions);
  }

  format(date: Date): string {
    return this.inner.format(date);
  }

  formatRange(startDate: Date, endDate: Date): string {
    return this.inner.formatRange(startDate, endDate);
  }

  resolvedOptions(): intl.DateTimeOptions {
    return this.inner.resolvedOptions() as intl.DateTimeOptions;
  }
}

class NumberFormat implements intl.NumberFormat {
  private readonly inner: Intl.NumberFormat;

  constructor(locale?: LocaleArgument, options?: intl.NumberOptions) {
    this.inner = new Intl.NumberFormat(localeOf(locale), options as Intl.NumberFormatOptions);
  }

  format(number: number): string {
    return this.inner.format(number);
  }

  resolvedOptions(): intl.NumberOptions {
    return this.inner.resolvedOptions() as intl.NumberOptions;
  }
}

class Collator implements intl.Collator {
  private readonly inner: Intl.Collator;

  constructor(locale?: LocaleArgument, options?: intl.CollatorOptions) {
    this.inner = new Intl.Collator(localeOf(locale), options as Intl.CollatorOptions);
  }

  compare(first: string, second: string): number {
    return this.inner.compare(first, second);
  }

  resolvedOptions(): intl.CollatorOptions {
    return this.inner.resolvedOptions() as intl.CollatorOptions;
  }
}

class PluralRules implements intl.PluralRules {
  private readonly inner: Intl.PluralRules;

  constructor(locale?: LocaleArgument, options?: intl.PluralRulesOptions) {
    this.inner = new Intl.PluralRules(localeOf(locale), options as Intl.PluralRulesOptions);
  }

  select(n: number): string {
    return this.inner.select(n);
  }
}

class RelativeTimeFormat implements intl.RelativeTimeFormat {
  private readonly inner: Intl.RelativeTimeFormat;

  constructor(locale?: LocaleArgument, options?: intl.RelativeTimeFormatInputOptions) {
    this.inner = new Intl.RelativeTimeFormat(localeOf(locale), options as Intl.RelativeTimeFormatOptions);
  }

  format(value: number, unit: string): string {
    return this.inner.format(value, unit as Intl.RelativeTimeFormatUnit);
  }

  formatToParts(value: number, unit: string): object[] {
    return this.inner.formatToParts(value, unit as Intl.RelativeTimeFormatUnit);
  }

  resolvedOptions(): intl.RelativeTimeFormatResolvedOptions {
    return this.inner.resolvedOptions();
  }
}

export default loud<typeof intl>('intl', { DateTimeFormat, NumberFormat, Collator, PluralRules, RelativeTimeFormat });
