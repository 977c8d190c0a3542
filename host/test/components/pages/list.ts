import { el, offer, acts, signal, log } from './build.js';
import { components as C, globals, Scroller, __lazyForEach, type LazySource } from './runtime.js';

const c = C as Record<string, NonNullable<(typeof C)[string]>>;
type Listener = Record<string, (...args: unknown[]) => void>;

/** Rows of different heights, as chat bubbles are: 40, 55, 70, 85 or 100 vp by their number. */
class Rows implements LazySource {
  private listeners: Listener[] = [];
  ids: number[];

  constructor(count: number) {
    this.ids = Array.from({ length: count }, (_item, index) => index);
  }

  totalCount(): number {
    return this.ids.length;
  }

  getData(index: number): unknown {
    return this.ids[index];
  }

  registerDataChangeListener(listener: object): void {
    this.listeners.push(listener as Listener);
  }

  unregisterDataChangeListener(listener: object): void {
    this.listeners = this.listeners.filter((known) => known !== listener);
  }

  tell(name: string, ...args: unknown[]): void {
    this.listeners.forEach((listener) => listener[name]?.(...args));
  }

  get listenerCount(): number {
    return this.listeners.length;
  }
}

const heightOf = (id: number): number => 40 + (((id % 5) + 5) % 5) * 15;
let rows = new Rows(0);
let mountedCount = 0;
const scroller = new (globals['Scroller'] as new () => Scroller)();
const grown = signal<number>(-1);
const isShown = signal(true);

function lazyList(
  count: number,
  options: { initialIndex?: number; keeps?: boolean; cached?: number; header?: boolean },
): () => void {
  return () => {
    rows = new Rows(count);
    el(
      c['Column']!,
      (n) => {
        n.create();
        n.width!('100%');
        n.height!('100%');
      },
      () => {
        el(c['Row']!, (n) => {
          n.create();
          n.height!(40);
        });
        el(
          c['List']!,
          (n) => {
            n.create({ space: 4, scroller, initialIndex: options.initialIndex } as never);
            n.id!('list');
            n.width!('100%');
            n.layoutWeight!(1);
            n.maintainVisibleContentPosition!(options.keeps ?? false);
            if (options.cached !== undefined) {
              n.cachedCount!(options.cached);
            }
            n.onReachStart!(() => log.push('start'));
            n.onReachEnd!(() => log.push('end'));
            n.onScrollIndex!((a: unknown, b: unknown) => {
              range = [a as number, b as number];
            });
          },
          () => {
            if (options.header === true) {
              el(c['ListItem']!, (n) => {
                n.create();
                n.id!('header');
                n.height!(30);
              });
            }
            __lazyForEach(
              () => rows,
              (id) => {
                el(
                  c['ListItem']!,
                  (n) => {
                    n.create();
                    n.id!(`row-${String(id)}`);
                    n.onAppear!(() => mountedCount++);
                    n.onDisAppear!(() => mountedCount--);
                  },
                  () =>
                    el(
                      c['Row']!,
                      (n) => {
                        n.create();
                        n.width!('100%');
                        n.height!(grown.get() === id ? 300 : heightOf(id as number));
                        n.backgroundColor!((id as number) % 2 === 0 ? '#DDEEFF' : '#FFFFFF');
                      },
                      () => el(c['Text']!, (n) => n.create(`row ${String(id)}` as never)),
                    ),
                );
              },
              (id) => `row-${String(id)}`,
              'fixture.ts',
              1,
            );
          },
        );
        el(c['Row']!, (n) => {
          n.create();
          n.height!(60);
        });
      },
    );
  };
}

let range: [number, number] = [-1, -1];
acts['range'] = () => range;
acts['mounted'] = () => mountedCount;
acts['listeners'] = () => rows.listenerCount;
acts['offset'] = () => scroller.currentOffset().yOffset;
acts['isAtEnd'] = () => scroller.isAtEnd();
acts['scrollBy'] = (dy: never) => scroller.scrollBy(0, dy);
acts['edge'] = (edge: never) => scroller.scrollEdge(edge);
acts['toIndex'] = (index: never, align: never) => scroller.scrollToIndex(index, false, align);
acts['grow'] = (id: never) => grown.set(id);
acts['prepend'] = (count: number) => {
  for (let at = 0; at < count; at++) {
    rows.ids.unshift((rows.ids[0] ?? 0) - 1);
    rows.tell('onDataAdd', 0);
  }
};
acts['append'] = (count: number) => {
  for (let at = 0; at < count; at++) {
    rows.ids.push(Math.max(-1, ...rows.ids) + 1);
    rows.tell('onDataAdd', rows.ids.length - 1);
  }
};
acts['appendAndFollow'] = () => {
  acts['append']?.(1 as never);
  scroller.scrollEdge(2);
};
acts['remove'] = (index: number) => {
  rows.ids.splice(index, 1);
  rows.tell('onDataDelete', index);
};
acts['move'] = (from: number, to: number) => {
  const [id] = rows.ids.splice(from, 1);
  rows.ids.splice(to, 0, id as number);
  rows.tell('onDataMove', from, to);
};
acts['replace'] = (index: number, id: number) => {
  rows.ids[index] = id;
  rows.tell('onDataChange', index);
};
acts['reload'] = (ids: number[]) => {
  rows.ids = ids;
  rows.tell('onDataReloaded');
};
acts['dataset'] = (ids: number[], operations: unknown) => {
  rows.ids = ids;
  rows.tell('onDatasetChange', operations);
};
/** An acknowledged row (new key) and rows around it, all told before the next frame. */
acts['burst'] = () => {
  (acts['replace'] as (index: number, id: number) => void)(2, 70);
  (acts['prepend'] as (count: number) => void)(2);
  (acts['remove'] as (index: number) => void)(3);
  (acts['append'] as (count: number) => void)(1);
};
acts['reloadAndAppend'] = () => {
  (acts['reload'] as (ids: number[]) => void)([8, 9]);
  (acts['append'] as (count: number) => void)(1);
};
acts['hide'] = () => isShown.set(false);
/** Rows that stand in the DOM, top first: id and top edge in the list. */
acts['dom'] = () => {
  const top = document.getElementById('list')?.getBoundingClientRect().top ?? 0;
  return [...document.querySelectorAll('[id^=row-]')].map((row) => [
    Number(row.id.slice(4)),
    row.getBoundingClientRect().top - top,
    row.getBoundingClientRect().height,
  ]);
};

offer({
  many: lazyList(10_000, { cached: 3 }),
  keeping: lazyList(200, { keeps: true, initialIndex: 100 }),
  shifting: lazyList(200, { keeps: false, initialIndex: 100 }),
  keepingTop: lazyList(50, { keeps: true }),
  few: lazyList(3, { keeps: true }),
  empty: lazyList(0, { keeps: true }),
  headed: lazyList(100, { header: true }),
});
export { isShown };
