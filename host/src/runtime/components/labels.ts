import { locale } from '../core/config.js';

/** Words that the system itself says, for components that draw a button nobody named. */
const WORDS = {
  en: {
    back: 'Back',
    close: 'Close',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    loading: 'Loading',
  },
  zh: { back: '返回', close: '关闭', showPassword: '显示密码', hidePassword: '隐藏密码', loading: '正在加载' },
} as const;

export function label(word: keyof typeof WORDS.en): string {
  return (locale.get().startsWith('zh') ? WORDS.zh : WORDS.en)[word];
}
