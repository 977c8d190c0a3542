import { el, offer, acts, signal, log } from './build.js';
import { components as C, globals } from './runtime.js';

const c = C as Required<typeof C>;
const g = globals as Record<string, Record<string, unknown>>;
const cell = (id: string, width: number | string, height: number | string): void =>
  el(c['Row']!, (n) => {
    n.create();
    n.id!(id);
    n.width!(width);
    n.height!(height);
    n.backgroundColor!('#0A59F7');
  });
const text = (id: string, value: string, more: (n: never) => void = () => undefined): void =>
  el(c['Text']!, (n) => {
    n.create(value as never);
    n.id!(id);
    more(n as never);
  });

const LONG = 'A long text that is certainly wider than the little room which is left for it in this row of things';

offer({
  column: () =>
    el(
      c['Column']!,
      (n) => {
        n.create({ space: 10 } as never);
        n.id!('root');
        n.width!('100%');
        n.height!('100%');
      },
      () => {
        cell('a', 100, 40);
        cell('b', '50%', 40);
        el(c['Column']!, (n) => {
          n.create();
          n.id!('weighted');
          n.layoutWeight!(1);
          n.width!('100%');
        });
        cell('last', 60, 20);
      },
    ),
  shrink: () =>
    el(
      c['Column']!,
      (n) => {
        n.create();
        n.id!('root');
        n.width!(200);
        n.height!(100);
      },
      () => {
        cell('a', 250, 80);
        cell('b', 100, 80);
      },
    ),
  between: () =>
    el(
      c['Row']!,
      (n) => {
        n.create({ space: 100 } as never);
        n.id!('root');
        n.width!(300);
        n.height!(60);
        n.justifyContent!(g['FlexAlign']!['SpaceBetween']);
      },
      () => {
        cell('a', 50, 20);
        cell('b', 50, 20);
        cell('c', 50, 40);
      },
    ),
  row: () =>
    el(
      c['Column']!,
      (n) => {
        n.create();
        n.width!('100%');
        n.height!('100%');
      },
      () => {
        el(
          c['Row']!,
          (n) => {
            n.create({ space: 8 } as never);
            n.id!('row');
            n.padding!({ left: 16, right: 16 });
          },
          () => {
            cell('icon', 24, 24);
            text('grow', LONG, (n: never) => {
              (n as { layoutWeight(v: number): void }).layoutWeight(1);
            });
            cell('end', 40, 24);
          },
        );
        el(
          c['Row']!,
          (n) => {
            n.create();
            n.id!('blankRow');
            n.width!(300);
          },
          () => {
            cell('left', 40, 24);
            el(c['Blank']!, (n) => n.create());
            cell('right', 40, 24);
          },
        );
        el(
          c['Row']!,
          (n) => {
            n.create();
            n.id!('overflowing');
            n.width!(200);
          },
          () => {
            cell('first', 100, 20);
            text('wide', LONG);
          },
        );
      },
    ),
  stack: () =>
    el(
      c['Stack']!,
      (n) => {
        n.create();
        n.id!('root');
        n.width!(200);
        n.height!(100);
      },
      () => {
        cell('centre', 50, 20);
        el(
          c['Stack']!,
          (n) => {
            n.create({ alignContent: g['Alignment']!['BottomEnd'] } as never);
            n.width!('100%');
            n.height!('100%');
          },
          () => {
            cell('corner', 20, 10);
            el(c['Row']!, (n) => {
              n.create();
              n.id!('placed');
              n.width!(10);
              n.height!(10);
              n.position!({ x: 5, y: 7 });
            });
          },
        );
      },
    ),
  text: () =>
    el(
      c['Column']!,
      (n) => {
        n.create();
        n.width!(200);
        n.height!('100%');
      },
      () => {
        text('one', LONG, (n: never) => {
          const t = n as Record<string, (v: unknown) => void>;
          t['maxLines']!(1);
          t['textOverflow']!({ overflow: 2 });
        });
        text('two', LONG, (n: never) => {
          const t = n as Record<string, (v: unknown) => void>;
          t['maxLines']!(2);
        });
        text('short', 'Hi');
        text('tall', 'Hi', (n: never) => {
          const t = n as Record<string, (v: unknown) => void>;
          t['height']!(100);
          t['width']!(100);
          t['textAlign']!(0);
        });
        text('ragged', 'wide\na rather wide line\nwide', (n: never) => {
          (n as { margin(v: number): void }).margin(4);
        });
        text('wrapped', 'aaaaaaaaaaaaaaaaaa bbbbbbbbb cccccccc');
        text('named', 'x', (n: never) => {
          (n as { accessibilityText(v: string): void }).accessibilityText('unread');
        });
      },
    ),
  listItem: () =>
    el(
      c['List']!,
      (n) => {
        n.create({ space: 12 } as never);
        n.id!('root');
        n.width!(300);
        n.height!(200);
      },
      () => {
        el(
          c['ListItem']!,
          (n) => {
            n.create();
            n.id!('item');
            n.height!(60);
            n.onClick!(() => log.push('item'));
          },
          () => cell('child', 100, 20),
        );
        el(
          c['ListItem']!,
          (n) => {
            n.create();
            n.id!('second');
          },
          () => cell('full', '100%', 48),
        );
      },
    ),
  controls: () =>
    el(
      c['Column']!,
      (n) => {
        n.create({ space: 8 } as never);
        n.width!('100%');
        n.height!('100%');
        n.accessibilityLevel!('no');
        n.onClick!(() => log.push('page'));
      },
      () => {
        el(c['Button']!, (n) => {
          n.create('Send' as never);
          n.id!('send');
          n.onClick!(() => log.push('send'));
        });
        el(
          c['Button']!,
          (n) => {
            n.create({ type: 1 } as never);
            n.id!('round');
            n.width!(48);
            n.height!(48);
            n.accessibilityText!('Add');
          },
          () => cell('inside', 24, 24),
        );
        el(c['Button']!, (n) => {
          n.create('Off' as never);
          n.id!('off');
          n.enabled!(false);
          n.onClick!(() => log.push('off'));
        });
        const isOn = state.isOn;
        el(c['Toggle']!, (n) => {
          n.create({ type: 1, isOn: { value: isOn.get(), set: (v: boolean) => isOn.set(v) } } as never);
          n.id!('switch');
          n.onChange!((v: unknown) => log.push(`on ${String(v)}`));
        });
        el(c['Divider']!, (n) => {
          n.create();
          n.id!('line');
          n.strokeWidth!(0.5);
        });
        el(c['Row']!, (n) => {
          n.create();
          n.id!('clickable');
          n.width!(100);
          n.height!(48);
          n.accessibilityText!('Open');
          n.onClick!(() => log.push('row'));
        });
        el(
          c['Badge']!,
          (n) => {
            n.create({ count: 120, maxCount: 99, style: {} } as never);
            n.id!('badge');
          },
          () => cell('badged', 40, 40),
        );
        el(c['Circle']!, (n) => {
          n.create({ width: 12, height: 12 } as never);
          n.id!('circle');
          n.fill!('#FF64BB5C');
        });
        el(c['LoadingProgress']!, (n) => {
          n.create();
          n.id!('loading');
          n.width!(24);
          n.height!(24);
        });
        for (const [id, type] of [
          ['ring', 1],
          ['bar', 0],
        ] as const) {
          el(c['Progress']!, (n) => {
            n.create({ value: 30, total: 120, type } as never);
            n.id!(id);
            n.width!(40);
            n.height!(type === 1 ? 40 : 4);
            n.color!('#FF0000FF');
            n.backgroundColor!('#FF00FF00');
            n.style!({ strokeWidth: 3 });
          });
        }
        el(c['Image']!, (n) => {
          n.create('data:image/gif;base64,R0lGODlhAQABAAAAACw=' as never);
          n.id!('image');
          n.width!(24);
          n.height!(24);
        });
        el(c['Row']!, (n) => {
          n.create();
          n.id!('styled');
          n.width!(60);
          n.height!(20);
          n.onClick!(() => undefined);
          n.stateStyles!({
            normal: (s: Record<string, (v: unknown) => void>) => s['backgroundColor']!('#FFFFFF'),
            pressed: (s: Record<string, (v: unknown) => void>) => s['backgroundColor']!('#FF0000'),
          });
        });
      },
    ),
  inputs: () =>
    el(
      c['Column']!,
      (n) => {
        n.create({ space: 12 } as never);
        n.width!('100%');
        n.height!('100%');
        n.padding!(16);
      },
      () => {
        const name = state.name;
        el(c['TextInput']!, (n) => {
          n.create({ placeholder: 'User name', text: { value: name.get(), set: (v: string) => name.set(v) } } as never);
          n.id!('name');
          n.onChange!((v: unknown) => log.push(`change ${String(v)}`));
          n.onSubmit!((key: unknown) => log.push(`submit ${String(key)}`));
        });
        el(c['TextInput']!, (n) => {
          n.create({ placeholder: 'Password' } as never);
          n.id!('password');
          n.type!(4);
        });
        el(c['TextArea']!, (n) => {
          n.create({ placeholder: 'Message' } as never);
          n.id!('message');
          n.maxLines!(3);
          n.enterKeyType!(4);
          n.onSubmit!(() => log.push('send'));
          n.accessibilityText!('Message');
          n.onKeyEvent!((e: unknown) => {
            const k = e as { type: number; keyCode: number };
            if (k.type === 0) {
              log.push(`key ${k.keyCode}`);
            }
          });
        });
        text('echo', name.get());
        el(c['Text']!, (n) => {
          n.create(name.get() as never);
          n.id!('live');
        });
      },
    ),
  overlays: () =>
    el(
      c['Column']!,
      (n) => {
        n.create();
        n.width!('100%');
        n.height!('100%');
      },
      () => {
        const isOpen = state.isOpen;
        el(c['Button']!, (n) => {
          n.create('Open' as never);
          n.id!('open');
          n.onClick!(() => isOpen.set(true));
        });
        el(c['Column']!, (n) => {
          n.create();
          n.bindSheet!(
            { value: isOpen.get(), set: (v: boolean) => isOpen.set(v) },
            () => {
              el(
                c['Column']!,
                (m) => {
                  m.create();
                  m.id!('sheet-content');
                  m.width!('100%');
                  m.height!(200);
                },
                () => {
                  el(c['Button']!, (m) => {
                    m.create('Inside' as never);
                    m.id!('inside-sheet');
                    m.defaultFocus!(true);
                  });
                },
              );
            },
            { title: { title: 'New room' }, height: 2, onDisappear: () => log.push('gone') },
          );
        });
        const isCovered = state.isCovered;
        el(c['Button']!, (n) => {
          n.create('Cover' as never);
          n.id!('cover');
          n.onClick!(() => isCovered.set(true));
          n.bindContentCover!(
            { value: isCovered.get(), set: (v: boolean) => isCovered.set(v) },
            () => {
              el(c['Column']!, (m) => {
                m.create();
                m.id!('cover-content');
                m.width!('100%');
                m.height!('100%');
              });
            },
            { modalTransition: 1, onDisappear: () => log.push('uncovered') },
          );
        });
        el(c['Button']!, (n) => {
          n.create('More' as never);
          n.id!('more');
          n.bindMenu!([
            { value: 'First', action: () => log.push('first') },
            { value: 'Second', action: () => log.push('second') },
          ]);
        });
      },
    ),
});

const state = { isOn: signal(false), name: signal(''), isOpen: signal(false), isCovered: signal(false) };
acts['state'] = () => ({
  isOn: state.isOn.peek(),
  name: state.name.peek(),
  isOpen: state.isOpen.peek(),
  isCovered: state.isCovered.peek(),
});
acts['setName'] = (value: never) => state.name.set(value);
