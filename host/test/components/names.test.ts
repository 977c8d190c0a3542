import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { SDK_DIR as SDK } from '../../src/project/sdk.js';
import { components, enums, globals } from '../../src/runtime/components/index.js';
import { keyCodeOf } from '../../src/runtime/components/keys.js';
import { navModeFor } from '../../src/runtime/components/navigation.js';
import { sheetTypeFor } from '../../src/runtime/components/sheet.js';
import { edges, fontWeight, radius } from '../../src/runtime/components/style.js';

/** Every enum of the declarations: name → member → value. */
function declaredEnums(file: string): Map<string, Record<string, string | number>> {
  const found = new Map<string, Record<string, string | number>>();
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isEnumDeclaration(node)) {
      const members: Record<string, string | number> = {};
      let next = 0;
      for (const member of node.members) {
        const initializer = member.initializer;
        const text = initializer?.getText(source) ?? '';
        const value =
          initializer === undefined ? next : ts.isStringLiteral(initializer) ? initializer.text : Number(text);
        members[member.name.getText(source)] = value;
        next = Number(value) + 1;
      }
      found.set(node.name.text, members);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test('every enum has the members and values of the SDK declarations', () => {
  const declared = new Map<string, Record<string, string | number>>();
  for (const name of readdirSync(path.join(SDK, 'component'))) {
    declaredEnums(path.join(SDK, 'component', name)).forEach((members, key) => declared.set(key, members));
  }
  for (const [name, members] of Object.entries(enums)) {
    if (name === 'Color') {
      assert.deepEqual(Object.keys(members), Object.keys(declared.get(name) ?? {}));
      continue;
    }
    assert.deepEqual(members, declared.get(name), name);
  }
  assert.equal((enums['Color'] as { Black: number }).Black, 0xff000000);
});

test('key codes are those of the input kit', () => {
  const codes = declaredEnums(path.join(SDK, 'api/@ohos.multimodalInput.keyCode.d.ts')).get('KeyCode') ?? {};
  const pairs: [string, string][] = [
    ['Enter', 'KEYCODE_ENTER'],
    ['NumpadEnter', 'KEYCODE_NUMPAD_ENTER'],
    ['Escape', 'KEYCODE_ESCAPE'],
    ['KeyA', 'KEYCODE_A'],
    ['KeyZ', 'KEYCODE_Z'],
    ['Digit0', 'KEYCODE_0'],
    ['Digit9', 'KEYCODE_9'],
    ['ShiftLeft', 'KEYCODE_SHIFT_LEFT'],
    ['ShiftRight', 'KEYCODE_SHIFT_RIGHT'],
    ['ArrowDown', 'KEYCODE_DPAD_DOWN'],
    ['Backspace', 'KEYCODE_DEL'],
    ['Delete', 'KEYCODE_FORWARD_DEL'],
    ['Tab', 'KEYCODE_TAB'],
    ['Space', 'KEYCODE_SPACE'],
    ['F1', 'KEYCODE_F1'],
    ['F12', 'KEYCODE_F12'],
    ['ControlLeft', 'KEYCODE_CTRL_LEFT'],
    ['MetaRight', 'KEYCODE_META_RIGHT'],
    ['Home', 'KEYCODE_MOVE_HOME'],
    ['End', 'KEYCODE_MOVE_END'],
    ['PageUp', 'KEYCODE_PAGE_UP'],
    ['Comma', 'KEYCODE_COMMA'],
    ['AltRight', 'KEYCODE_ALT_RIGHT'],
  ];
  for (const [code, name] of pairs) {
    assert.equal(keyCodeOf(code), codes[name], code);
  }
  assert.equal(keyCodeOf('Fn'), -1);
});

test('the registry loads without a document and names each component as ArkUI does', () => {
  assert.equal(typeof document, 'undefined');
  for (const name of ['Column', 'Text', 'List', 'Navigation', 'NavDestination', '__Common__']) {
    assert.equal(typeof components[name], 'function', name);
  }
  for (const name of ['Scroller', 'NavPathStack', 'TapGesture', 'TransitionEffect', 'FlexAlign']) {
    assert.ok(globals[name] !== undefined, name);
  }
});

/** Attributes of a component in the declarations, those of its ancestors included. */
function declaredAttributes(): Map<string, Set<string>> {
  const own = new Map<string, { members: string[]; above: string[] }>();
  for (const name of readdirSync(path.join(SDK, 'component'))) {
    const file = path.join(SDK, 'component', name);
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    for (const statement of source.statements) {
      if (ts.isClassDeclaration(statement) && statement.name !== undefined) {
        own.set(statement.name.text, {
          members: statement.members.flatMap((member) =>
            member.name === undefined ? [] : [member.name.getText(source)],
          ),
          above:
            statement.heritageClauses?.flatMap((clause) =>
              clause.types.map((type) => type.expression.getText(source)),
            ) ?? [],
        });
      }
    }
  }
  const collect = (name: string): Set<string> => {
    const found = own.get(name);
    return new Set([...(found?.members ?? []), ...(found?.above.flatMap((above) => [...collect(above)]) ?? [])]);
  };
  return new Map([...own.keys()].filter((name) => name.endsWith('Attribute')).map((name) => [name, collect(name)]));
}

test('every component has the attributes that the shared vocabulary promises, and each of them is declared', () => {
  const declared = declaredAttributes();
  const shared = [
    'width',
    'height',
    'size',
    'constraintSize',
    'padding',
    'margin',
    'backgroundColor',
    'borderRadius',
    'border',
    'borderWidth',
    'borderColor',
    'opacity',
    'visibility',
    'zIndex',
    'align',
    'alignSelf',
    'layoutWeight',
    'flexGrow',
    'flexShrink',
    'flexBasis',
    'position',
    'offset',
    'shadow',
    'clip',
    'onClick',
    'onTouch',
    'onHover',
    'onKeyEvent',
    'focusable',
    'defaultFocus',
    'tabIndex',
    'onFocus',
    'onBlur',
    'enabled',
    'hitTestBehavior',
    'id',
    'key',
    'onAppear',
    'onDisAppear',
    'onAreaChange',
    'accessibilityText',
    'accessibilityDescription',
    'accessibilityLevel',
    'accessibilityGroup',
    'transition',
    'animation',
    'gesture',
    'expandSafeArea',
    'stateStyles',
    'foregroundColor',
    'linearGradient',
    'direction',
    'aspectRatio',
    'rotate',
    'scale',
    'translate',
    'backgroundBlurStyle',
    'bindMenu',
    'bindSheet',
    'bindContentCover',
  ];
  for (const [name, component] of Object.entries(components)) {
    for (const attribute of shared) {
      assert.equal(
        typeof (component.prototype as Record<string, unknown>)[attribute],
        'function',
        `${name}.${attribute}`,
      );
      assert.ok(declared.get('ColumnAttribute')?.has(attribute), attribute);
    }
  }
});

describe('rules of size', () => {
  test('Auto splits where both minima fit', () => {
    assert.deepEqual(
      [599, 600].map((width) => navModeFor(2, width, 240, 360)),
      [0, 1],
    );
    assert.deepEqual([navModeFor(0, 2000, 240, 360), navModeFor(1, 100, 240, 360)], [0, 1]);
  });

  test('a sheet is at the bottom below 600 vp, whatever is preferred, then in the middle, then a popup from 840', () => {
    assert.deepEqual(
      [599, 600, 839, 840].map((width) => sheetTypeFor(width, undefined)),
      [0, 1, 1, 2],
    );
    assert.deepEqual(
      [599, 600, 840].map((width) => sheetTypeFor(width, 1)),
      [0, 1, 1],
    );
  });

  test('edges and corners are taken one by one, left for start', () => {
    assert.deepEqual(edges<number>({ left: 1, end: 2 } as never), {
      top: undefined,
      end: 2,
      bottom: undefined,
      start: 1,
    });
    assert.deepEqual(edges(5), { top: 5, end: 5, bottom: 5, start: 5 });
    assert.equal(radius({ topLeft: 4, bottomRight: 8 }), '4px 0 8px 0');
    assert.equal(radius('50%'), '50%');
  });

  test('font weights are numbers of the enum below 100, else those of CSS', () => {
    assert.deepEqual([0, 1, 3, 4, 5, 600, 'medium', '700'].map(fontWeight), [
      '100',
      '400',
      '500',
      '700',
      '900',
      '600',
      '500',
      '700',
    ]);
  });
});
