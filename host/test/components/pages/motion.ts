import { acts, el, log, offer, signal } from './build.js';
import { components as C, globals, __if } from './runtime.js';

const c = C as Record<string, NonNullable<(typeof C)[string]>>;
const { TransitionEffect, LongPressGesture, TapGesture } = globals as unknown as {
  TransitionEffect: { OPACITY: { animation(value: object): object } };
  LongPressGesture: (options?: object) => { onAction(action: () => void): object };
  TapGesture: (options?: object) => { onAction(action: () => void): object };
};
const isShown = signal(false);
acts['show'] = (value: never) => isShown.set(value);

offer({
  motion: () =>
    el(
      c['Column']!,
      (n) => {
        n.create();
        n.width!('100%');
        n.height!('100%');
      },
      () => {
        __if(
          () => (isShown.get() ? 0 : 1),
          [
            () => {
              el(c['Row']!, (n) => {
                n.create();
                n.id!('moving');
                n.width!(100);
                n.height!(40);
                n.transition!(TransitionEffect.OPACITY.animation({ duration: 3_600_000 }), (isAppearing: unknown) =>
                  log.push(`done ${String(isAppearing)}`),
                );
                n.onDisAppear!(() => log.push('gone'));
              });
            },
          ],
          'fixture.ts',
          1,
        );
        el(c['Row']!, (n) => {
          n.create();
          n.id!('pressed');
          n.width!(100);
          n.height!(40);
          n.onClick!(() => log.push('click'));
          n.gesture!(LongPressGesture({ duration: 200 }).onAction(() => log.push('long')));
        });
        el(c['Row']!, (n) => {
          n.create();
          n.id!('tapped');
          n.width!(100);
          n.height!(40);
          n.gesture!(TapGesture({ count: 2 }).onAction(() => log.push('double')));
        });
        el(
          c['Column']!,
          (n) => {
            n.create();
            n.id!('off');
            n.enabled!(false);
          },
          () => {
            el(c['Row']!, (n) => {
              n.create();
              n.id!('inside-off');
              n.width!(50);
              n.height!(20);
              n.onClick!(() => log.push('off'));
            });
          },
        );
        el(c['Row']!, (n) => {
          n.create();
          n.id!('none');
          n.width!(50);
          n.height!(20);
          n.visibility!(2);
        });
        el(c['Row']!, (n) => {
          n.create();
          n.id!('hidden');
          n.width!(50);
          n.height!(20);
          n.visibility!(1);
        });
        el(c['Row']!, (n) => {
          n.create();
          n.id!('after');
          n.width!(50);
          n.height!(20);
        });
        el(c['Column']!, (n) => {
          n.create();
          n.id!('sized');
          n.width!(50);
          n.height!(isShown.get() ? 60 : 20);
          n.onSizeChange!((a: unknown, b: unknown) => log.push(`size ${(b as { height: number }).height}`));
        });
      },
    ),
});
