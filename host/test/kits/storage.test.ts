import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startHarness, type Harness } from './harness.js';

let harness: Harness;

before(async () => {
  harness = await startHarness({ page: 'kits.ts' });
});

after(() => harness.close());

describe('preferences', () => {
  test('a flushed value survives a reload, an unflushed one does not', async () => {
    const page = await harness.open(await harness.context());
    await page.evaluate(async () => {
      const store = await kits.preferences.getPreferences(kits.context, 'settings');
      await store.put('theme', 'dark');
      await store.flush();
      await store.put('language', 'zh');
    });
    const before = await page.evaluate(() => {
      const store = kits.preferences.getPreferencesSync(kits.context, { name: 'settings' });
      return [store.getSync('theme', 'none'), store.getSync('language', 'none')];
    });
    await page.reload();
    const afterwards = await page.evaluate(() => {
      const store = kits.preferences.getPreferencesSync(kits.context, { name: 'settings' });
      return [store.getSync('theme', 'none'), store.getSync('language', 'none')];
    });
    assert.deepEqual(
      [before, afterwards],
      [
        ['dark', 'zh'],
        ['dark', 'none'],
      ],
    );
  });

  test('every declared kind of value comes back as it was', async () => {
    const page = await harness.open(await harness.context());
    await page.evaluate(async () => {
      const store = kits.preferences.getPreferencesSync(kits.context, { name: 'kinds' });
      store.putSync('bytes', new Uint8Array([0, 200]));
      store.putSync('big', 2n ** 70n);
      store.putSync('list', ['a', 'b']);
      store.putSync('object', { deep: { flag: true } });
      await store.flush();
    });
    await page.reload();
    const seen = await page.evaluate(() => {
      const store = kits.preferences.getPreferencesSync(kits.context, { name: 'kinds' });
      const bytes = store.getSync('bytes', 0) as Uint8Array;
      return {
        bytes: bytes instanceof Uint8Array && [...bytes],
        big: String(store.getSync('big', 0)),
        list: store.getSync('list', 0),
        object: store.getSync('object', 0),
      };
    });
    assert.deepEqual(seen, {
      bytes: [0, 200],
      big: String(2n ** 70n),
      list: ['a', 'b'],
      object: { deep: { flag: true } },
    });
  });

  test('listeners hear of a change when it is flushed', async () => {
    const page = await harness.open(await harness.context());
    const seen = await page.evaluate(async () => {
      const store = kits.preferences.getPreferencesSync(kits.context, { name: 'watched' });
      const events: string[] = [];
      store.on('change', (key) => events.push(key));
      store.putSync('a', 1);
      const early = [...events];
      await store.flush();
      store.off('change');
      store.putSync('b', 1);
      await store.flush();
      return { early, events };
    });
    assert.deepEqual(seen, { early: [], events: ['a'] });
  });

  test('an object that was put is not changed through the caller', async () => {
    const page = await harness.open(await harness.context());
    const seen = await page.evaluate(() => {
      const store = kits.preferences.getPreferencesSync(kits.context, { name: 'copies' });
      const value = { count: 1 };
      store.putSync('value', value);
      value.count = 2;
      return store.getSync('value', {});
    });
    assert.deepEqual(seen, { count: 1 });
  });

  test('stores and profiles do not see each other', async () => {
    const context = await harness.context();
    const left = await harness.open(context, '?profile=left');
    const right = await harness.open(context, '?profile=right');
    await left.evaluate(async () => {
      const store = kits.preferences.getPreferencesSync(kits.context, { name: 'one' });
      store.putSync('who', 'left');
      await store.flush();
    });
    const read = (): unknown[] =>
      ['one', 'two'].map((name) =>
        kits.preferences.getPreferencesSync(kits.context, { name }).getSync('who', 'nobody'),
      );
    await left.reload();
    assert.deepEqual(await left.evaluate(read), ['left', 'nobody']);
    assert.deepEqual(await right.evaluate(read), ['nobody', 'nobody']);
  });

  test('a deleted store is empty after a reload, and a wrong key is refused', async () => {
    const page = await harness.open(await harness.context());
    const refused = await page.evaluate(async () => {
      const store = kits.preferences.getPreferencesSync(kits.context, { name: 'gone' });
      store.putSync('a', 1);
      await store.flush();
      await kits.preferences.deletePreferences(kits.context, 'gone');
      return (await kits.failureOf(() => store.putSync('k'.repeat(1025), 1)))?.code;
    });
    await page.reload();
    const has = await page.evaluate(() =>
      kits.preferences.getPreferencesSync(kits.context, { name: 'gone' }).hasSync('a'),
    );
    assert.deepEqual([refused, has], [401, false]);
  });
});

describe('asset', () => {
  test('a secret survives a reload and comes out only when it is asked for', async () => {
    const page = await harness.open(await harness.context());
    await page.evaluate(async () => {
      const { Tag } = kits.asset;
      await kits.asset.add(
        new Map([
          [Tag.ALIAS, kits.bytes('token')],
          [Tag.SECRET, kits.bytes('s3cret')],
        ]),
      );
    });
    await page.reload();
    const seen = await page.evaluate(async () => {
      const { Tag, ReturnType } = kits.asset;
      const alias = kits.bytes('token');
      const [whole] = await kits.asset.query(
        new Map<never, never>([
          [Tag.ALIAS, alias],
          [Tag.RETURN_TYPE, ReturnType.ALL],
        ] as never),
      );
      const [attributes] = await kits.asset.query(new Map([[Tag.ALIAS, alias]]));
      return [kits.text(whole?.get(Tag.SECRET)), attributes?.has(Tag.SECRET)];
    });
    assert.deepEqual(seen, ['s3cret', false]);
  });

  test('what is not there is 24000002, what is there already 24000003', async () => {
    const page = await harness.open(await harness.context());
    const seen = await page.evaluate(async () => {
      const { Tag } = kits.asset;
      const query = new Map([[Tag.ALIAS, kits.bytes('a')]]);
      const entry = new Map([...query, [Tag.SECRET, kits.bytes('1')]]);
      const change = new Map([[Tag.SECRET, kits.bytes('2')]]);
      const attempts = [
        () => kits.asset.query(query),
        () => kits.asset.remove(query),
        () => kits.asset.update(query, change),
        () => kits.asset.add(entry),
        () => kits.asset.add(entry),
        () => kits.asset.update(query, change),
        () => kits.asset.remove(query),
        () => kits.asset.query(query),
      ];
      const codes: unknown[] = [];
      for (const attempt of attempts) {
        codes.push((await kits.failureOf(attempt))?.code ?? 'ok');
      }
      return codes;
    });
    assert.deepEqual(seen, [24000002, 24000002, 24000002, 'ok', 24000003, 'ok', 'ok', 24000002]);
  });

  test('a secret has at most 1024 bytes', async () => {
    const page = await harness.open(await harness.context());
    const seen = await page.evaluate(async () => {
      const { Tag } = kits.asset;
      const codes: unknown[] = [];
      for (const size of [1024, 1025, 0]) {
        const entry = new Map([
          [Tag.ALIAS, kits.bytes(`a${size}`)],
          [Tag.SECRET, new Uint8Array(size)],
        ]);
        codes.push((await kits.failureOf(() => kits.asset.add(entry)))?.code);
      }
      return codes;
    });
    assert.deepEqual(seen, [undefined, 401, 401]);
  });

  test('profiles do not see each other', async () => {
    const context = await harness.context();
    const left = await harness.open(context, '?profile=left');
    const right = await harness.open(context, '?profile=right');
    await left.evaluate(() => {
      const { Tag } = kits.asset;
      kits.asset.addSync(
        new Map([
          [Tag.ALIAS, kits.bytes('token')],
          [Tag.SECRET, kits.bytes('mine')],
        ]),
      );
    });
    const failure = await right.evaluate(() =>
      kits.failureOf(() => kits.asset.querySync(new Map([[kits.asset.Tag.ALIAS, kits.bytes('token')]]))),
    );
    assert.equal(failure?.code, 24000002);
  });
});
