import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { colorMode, device, fontScale, locale, windowSize } from '../../src/runtime/core/config.js';
import { bestValue, parseQualifiers } from '../../src/runtime/core/qualifiers.js';
import {
  __r,
  emptyTables,
  resolveColor,
  resolveLength,
  resolveMedia,
  resolveString,
  resolveSvg,
  resourceTables,
  setResources,
} from '../../src/runtime/core/resources.js';

afterEach(() => {
  colorMode.set('light');
  locale.set('en-US');
  fontScale.set(1);
  device.set('phone');
});

const none = emptyTables('b');

describe('qualifiers', () => {
  const values = {
    base: 'base',
    zh_CN: 'zh_CN',
    zh_TW: 'zh_TW',
    en: 'en',
    dark: 'dark',
    'zh_CN-dark': 'zh dark',
    tablet: 'tablet',
  };
  const at = (tag: string, mode: 'light' | 'dark' = 'light', on: 'phone' | 'tablet' = 'phone'): string | undefined =>
    bestValue(values, { locale: tag, colorMode: mode, device: on });

  test('choose the locale before the device before the colour mode', () => {
    assert.equal(at('zh-CN'), 'zh_CN');
    assert.equal(at('zh-Hans-CN'), 'zh_CN');
    assert.equal(at('zh'), 'zh_CN', 'the likely region of zh');
    assert.equal(at('zh-Hant-TW'), 'zh_TW');
    assert.equal(at('en-GB'), 'en');
    assert.equal(at('zh-CN', 'dark'), 'zh dark');
    assert.equal(at('zh-TW', 'dark'), 'zh_TW');
    assert.equal(at('fr', 'dark'), 'dark');
    assert.equal(at('fr', 'dark', 'tablet'), 'tablet');
    assert.equal(at('fr'), 'base');
  });

  test('that are no qualifiers are not read as one', () => {
    assert.equal(parseQualifiers('draft'), null);
    assert.equal(parseQualifiers('zh_CN-dark')?.region, 'CN');
  });
});

describe('$r', () => {
  test('formats by position and by order, keeps what has no argument', () => {
    setResources({ ...none, string: { s: { base: '%2$s of %1$d, %s %s %% %d' } } });
    assert.equal(resolveString(__r('m', 'app.string.s', [7, 'x'])), 'x of 7, 7 x % %d');
    assert.equal(resourceTables().bundleName, 'b');
  });

  test('chooses the plural form of the language by the first argument', () => {
    setResources({
      ...none,
      plural: { p: { base: { one: '%d cat', other: '%d cats' }, zh_CN: { other: '%d 只猫' } } },
    });
    assert.equal(resolveString(__r('m', 'app.plural.p', [1, 1])), '1 cat');
    assert.equal(resolveString(__r('m', 'app.plural.p', [2, 2])), '2 cats');
    locale.set('zh-CN');
    assert.equal(resolveString(__r('m', 'app.plural.p', [1, 1])), '1 只猫');
  });

  test('follows the colour mode, for the app and for the system', () => {
    setResources({ ...none, color: { c: { base: '#112233', dark: '#80AABBCC' } } });
    assert.equal(resolveColor(__r('m', 'app.color.c')), '#112233');
    assert.equal(resolveColor(__r('m', 'sys.color.font_primary')), '#000000E5');
    colorMode.set('dark');
    assert.equal(resolveColor(__r('m', 'app.color.c')), '#AABBCC80');
    assert.equal(resolveColor(__r('m', 'sys.color.font_primary')), '#FFFFFFE5');
  });

  test('of media gives the address, and the text of an SVG', () => {
    setResources({
      ...none,
      media: { a: { base: { svg: '<svg/>', url: 'data:x' } }, b: { base: { url: 'media/b.png' } } },
    });
    assert.equal(resolveSvg(__r('m', 'app.media.a')), '<svg/>');
    assert.equal(resolveSvg(__r('m', 'app.media.b')), null);
    assert.equal(resolveMedia(__r('m', 'app.media.b')), 'media/b.png');
  });

  test('of the wrong type is an error', () => {
    setResources({ ...none, color: { c: { base: '#112233' } } });
    assert.throws(() => resolveLength(__r('m', 'app.color.c')), /type color \(c\) is not a length/);
    assert.throws(() => resolveColor(__r('m', 'app.string.c')), /not a colour/);
  });
});

describe('values', () => {
  test('colours have their alpha in front, numbers without one are opaque', () => {
    assert.equal(resolveColor(0x112233), '#112233');
    assert.equal(resolveColor(0x80112233), '#11223380');
    assert.equal(resolveColor('#F00'), '#FF0000');
    assert.equal(resolveColor('rgba(1, 2, 3, 0.5)'), 'rgba(1, 2, 3, 0.5)');
    assert.throws(() => resolveColor('#12345'), /not a colour/);
  });

  test('lengths are vp; fp follows the font scale and lpx the window', () => {
    setResources({ ...none, float: { f: { base: '16fp' } } });
    fontScale.set(1.5);
    windowSize.set({ width: 360, height: 700 });
    assert.equal(resolveLength(12), '12px');
    assert.equal(resolveLength('12vp'), '12px');
    assert.equal(resolveLength('50%'), '50%');
    assert.equal(resolveLength('10lpx'), '5px');
    assert.equal(resolveLength(__r('m', 'app.float.f')), '24px');
    assert.throws(() => resolveLength('wide'), /not a length/);
  });
});
