import { el, offer, acts, log, signal } from './build.js';
import { components as C, globals, registerRoutes, showAlertDialog, showToast, NavPathStack } from './runtime.js';

const c = C as Record<string, NonNullable<(typeof C)[string]>>;
let stack = new NavPathStack();
let builds = 0;
const wide = signal<number | null>(null);

function page(name: string, param: unknown): void {
  el(
    c['NavDestination']!,
    (n) => {
      n.create();
      n.title!(`Page ${name}`);
      n.id!(`page-${name}`);
      n.onReady!((context: unknown) => {
        builds++;
        log.push(`ready ${name} ${String((context as { pathInfo: { param: unknown } }).pathInfo.param)}`);
      });
      for (const event of [
        'onWillAppear',
        'onAppear',
        'onWillShow',
        'onShown',
        'onWillHide',
        'onHidden',
        'onWillDisappear',
        'onDisAppear',
      ]) {
        n[event]!(() => log.push(`${name} ${event}`));
      }
      n.onBackPressed!(() => name === 'locked');
      n.mode!(name === 'dialog' ? 1 : 0);
      n.hideTitleBar!(name === 'bare');
    },
    () => {
      el(c['TextInput']!, (n) => {
        n.create({ placeholder: `Field ${name}` } as never);
      });
      el(c['Column']!, (n) => {
        n.create();
        n.id!(`body-${name}`);
        n.layoutWeight!(1);
        n.width!('100%');
      });
      el(c['Text']!, (n) => n.create(String(param) as never));
    },
  );
}

function navigation(
  mode: number,
  more: (n: Record<string, (...args: unknown[]) => void>) => void = () => undefined,
): () => void {
  return () => {
    stack = new NavPathStack();
    el(
      c['Navigation']!,
      (n) => {
        n.create(stack as never);
        n.id!('nav');
        n.mode!(mode);
        n.width!(wide.get() ?? '100%');
        n.height!('100%');
        n.title!('Chats');
        n.titleMode!(2);
        n.navBarWidth!(300);
        n.onNavigationModeChange!((value: unknown) => log.push(`mode ${String(value)}`));
        n.onNavBarStateChange!((value: unknown) => log.push(`bar ${String(value)}`));
        n.navDestination!((name: string, param: unknown) => {
          if (name !== 'route') {
            page(name, param);
          }
        });
        more(n as never);
      },
      () => {
        el(c['Button']!, (n) => {
          n.create('Go' as never);
          n.id!('go');
          n.onClick!(() => stack.pushPathByName('a', 1));
        });
        el(c['Column']!, (n) => {
          n.create();
          n.id!('root-body');
          n.layoutWeight!(1);
          n.width!('100%');
        });
      },
    );
  };
}

registerRoutes({ route: (name, param) => page(name, param) });

acts['push'] = (name: never, param: never) =>
  stack.pushPathByName(name, param, (info) => log.push(`popped ${info.info.name} ${JSON.stringify(info.result)}`));
acts['pop'] = (result: never) => stack.pop(result ?? false);
acts['replace'] = (name: never) => stack.replacePathByName(name, null);
acts['clear'] = () => stack.clear();
acts['names'] = () => stack.getAllPathName();
acts['builds'] = () => builds;
acts['width'] = (value: never) => wide.set(value);
acts['toast'] = () => showToast({ message: 'Saved', duration: 2000 });
acts['alert'] = () =>
  showAlertDialog({
    title: 'Leave?',
    message: 'You leave the room',
    cancel: () => log.push('cancelled'),
    primaryButton: { value: 'Stay', action: () => log.push('stay') },
    secondaryButton: { value: 'Leave', action: () => log.push('leave') },
  });

const controller = new (globals['TabsController'] as new () => { changeIndex(index: number): void })();
acts['tab'] = (index: never) => controller.changeIndex(index);

const tab = signal(0);
acts['tabIndex'] = () => tab.peek();
acts['setTab'] = (value: never) => tab.set(value);

function tabs(barPosition: number, isVertical: boolean): () => void {
  return () =>
    el(
      c['Tabs']!,
      (n) => {
        n.create({
          barPosition,
          controller,
          index: { value: tab.get(), set: (value: number) => tab.set(value) },
        } as never);
        n.id!('tabs');
        n.width!('100%');
        n.height!('100%');
        n.vertical!(isVertical);
        n.scrollable!(false);
        n.onChange!((index: unknown) => log.push(`tab ${String(index)}`));
      },
      () => {
        for (const name of ['Chats', 'People', 'Settings']) {
          el(
            c['TabContent']!,
            (n) => {
              n.create();
              n.tabBar!(
                name === 'People'
                  ? () =>
                      el(c['Text']!, (m) => {
                        m.create('People!' as never);
                      })
                  : name,
              );
            },
            () => {
              el(c['Column']!, (n) => {
                n.create();
                n.id!(`content-${name}`);
                n.width!('100%');
                n.height!('100%');
              });
            },
          );
        }
      },
    );
}

offer({
  auto: navigation(2),
  stack: navigation(0),
  split: navigation(1),
  hiddenBar: navigation(0, (n) => n['hideNavBar']!(true)),
  bottomTabs: tabs(1, false),
  railTabs: tabs(0, true),
});
