import { colorMode, fontScale, locale, textDirection } from '../core/config.js';
import { effect, type Effect } from '../core/reactive.js';

/** Keeps <html> in step with the configuration; layout.css has the colours of both modes. `boot` calls it once. */
export function installTheme(): Effect {
  return effect(() => {
    const root = document.documentElement;
    root.dataset['colorMode'] = colorMode.get();
    root.style.colorScheme = colorMode.get();
    root.style.setProperty('--fp', `${fontScale.get()}px`);
    root.lang = locale.get();
    root.dir = textDirection(locale.get());
  });
}
