import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeSearchPage, type SearchPage } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { expectStatus, refusalIn } from '../support/api-client';
import { FakeClock } from '../support/fake-clock';
import { uploaded } from '../support/file-api';
import type { SocketClient } from '../support/socket-client';
import { type Person, TestServer } from '../support/test-server';

const LIMITS = { messageBurst: 10_000, commandBurst: 10_000, searchBurst: 10_000 };

let server: TestServer;
let ann: Person;
let bo: Person;
let annClient: SocketClient;
let boClient: SocketClient;
let said = 0;

async function say(client: SocketClient, roomId: string, text: string, fileId = ''): Promise<void> {
  const clientId = `c_${String(++said).padStart(8, '0')}`;
  assert.equal((await client.answer(client.say(roomId, clientId, text, fileId))).type, 'message.ack');
}

async function search(person: Person, q: string, more = ''): Promise<SearchPage> {
  const reply = await person.api.call('GET', `/v1/search?q=${encodeURIComponent(q)}${more}`);
  return decodeSearchPage(expectStatus(reply, 200).text);
}

async function texts(person: Person, q: string): Promise<string[]> {
  return (await search(person, q)).hits.map(({ event }) => event.text);
}

before(async () => {
  server = await TestServer.start({ ports: { limits: LIMITS } });
  ann = await server.person('ann');
  bo = await server.person('bo');
  annClient = await server.open(ann);
  boClient = await server.open(bo);
});
after(async () => {
  await annClient.close();
  await boClient.close();
  await server.stop();
});

describe('a search over HTTP', () => {
  const LANGUAGES: [q: string, text: string, places: string[]][] = [
    ['strasse', 'Wir wohnen in der Hauptstraße.', ['straße']],
    ['GRÜSSE', 'Schöne Grüße aus Köln', ['Grüße']],
    ['四点喝茶', '今天下午四点喝茶', ['四点喝茶']],
    ['乌龙', '一壶乌龙茶', ['乌龙']],
    ['🫖', 'tea 🫖 time', ['🫖']],
    ['👩‍👩‍👧', 'family 👩‍👩‍👧 photo', ['👩‍👩‍👧']],
    ['москва', 'Поезд в МОСКВУ и из Москвы; Москва', ['Москва']],
    ["it's", "Yes, it's late", ["it's"]],
  ];
  LANGUAGES.forEach(([q, text, places]) => {
    test(`for ${q} finds ${places.join()} in “${text}”`, async () => {
      const { roomId } = await ann.api.createRoom(`Languages ${++said}`);
      await say(annClient, roomId, text);
      const [hit] = (await search(ann, q)).hits.filter(({ event }) => event.roomId === roomId);
      assert.deepEqual(
        hit?.ranges.map(({ start, end }) => text.slice(start, end)),
        places,
      );
    });
  });

  const SYNTAX = [
    '"',
    '""',
    '"tea" OR "x"',
    'NEAR(tea x)',
    'tea*',
    '^tea',
    'words:tea',
    '-tea',
    'a AND b',
    ')(',
    "';--",
    '%_\\',
  ];
  SYNTAX.forEach((q) => {
    test(`takes ${q} for text and not for syntax`, async () => {
      const { roomId } = await ann.api.createRoom(`Syntax ${++said}`);
      await say(annClient, roomId, 'tea without it');
      const text = `here is ${q} as text`;
      await say(annClient, roomId, text);
      const hits = (await search(ann, q)).hits.filter(({ event }) => event.roomId === roomId);
      assert.deepEqual(
        hits.map(({ event }) => event.text),
        [text],
      );
    });
  });

  test('finds all words in any order, and nothing where one is missing', async () => {
    const { roomId } = await ann.api.createRoom('Words');
    await say(annClient, roomId, 'oolong first, sencha then');
    await say(annClient, roomId, 'only oolong');
    assert.deepEqual(await texts(ann, 'sencha oolong'), ['oolong first, sencha then']);
    assert.deepEqual(await texts(ann, 'sencha oolong matcha'), []);
  });

  test('is over the rooms of the user alone, and over none that was left', async () => {
    const own = await ann.api.createRoom('Ann alone');
    await say(annClient, own.roomId, 'hibiscus of ann');
    assert.deepEqual(await texts(bo, 'hibiscus'), []);
    await bo.api.join(own.roomId);
    assert.deepEqual(await texts(bo, 'hibiscus'), ['hibiscus of ann']);
    await bo.api.leave(own.roomId);
    assert.deepEqual(await texts(bo, 'hibiscus'), []);
    assert.deepEqual(await texts(ann, 'hibiscus'), ['hibiscus of ann']);
    const elsewhere = await bo.api.call('GET', `/v1/search?q=hibiscus&before=${own.roomId}.2`);
    assert.equal(refusalIn(elsewhere), '400 bad_field before');
  });

  test('gives each message once, the newest first, page by page, over several rooms', async () => {
    const rooms = [await ann.api.createRoom('Pages 1'), await ann.api.createRoom('Pages 2')];
    const expected: string[] = [];
    for (let i = 0; i < 13; i++) {
      await say(annClient, rooms[i % 2]?.roomId ?? '', `rooibos ${i}`);
      await say(annClient, rooms[i % 2]?.roomId ?? '', `something else ${i}`);
      expected.unshift(`rooibos ${i}`);
    }
    for (const q of ['rooibos', 'rooibos oo']) {
      const found: string[] = [];
      const sizes: number[] = [];
      for (let before = ''; sizes.length === 0 || before !== '';) {
        const page = await search(ann, q, `&limit=5${before === '' ? '' : `&before=${before}`}`);
        found.push(...page.hits.map(({ event }) => event.text));
        sizes.push(page.hits.length);
        before = page.nextBefore;
      }
      assert.deepEqual([found, sizes], [expected, [5, 5, 3]], q);
    }
  });

  test('finds the words beside a file, with the file', async () => {
    const { roomId } = await ann.api.createRoom('Found file');
    const file = await uploaded(ann.api, roomId, 'leaves', { 'x-file-name': 'chamomile.txt' });
    await say(annClient, roomId, 'chamomile leaves', file.fileId);
    await say(annClient, roomId, '', file.fileId);
    const { hits } = await search(ann, 'chamomile');
    assert.deepEqual(
      hits.map(({ event }) => [event.text, event.file]),
      [['chamomile leaves', file]],
    );
  });

  test('looks through a thousand messages for short words, then says where to go on', async () => {
    const { roomId } = await bo.api.createRoom('Haystack');
    await say(boClient, roomId, 'qz is the oldest');
    await Promise.all(Array.from({ length: 1000 }, (_, i) => say(boClient, roomId, `straw ${i}`)));
    const first = await search(bo, 'qz');
    assert.deepEqual(first.hits, []);
    assert.notEqual(first.nextBefore, '');
    const second = await search(bo, 'qz', `&before=${first.nextBefore}`);
    assert.deepEqual([second.hits.map(({ event }) => event.text), second.nextBefore], [['qz is the oldest'], '']);
  });

  const REFUSED: [what: string, query: string, refusal: string][] = [
    ['no query', '', '400 bad_field q'],
    ['white space', 'q=%20%0A%E3%80%80', '400 bad_field q'],
    ['101 units', `q=${'x'.repeat(101)}`, '400 bad_field q'],
    ['a NUL', 'q=tea%00', '400 bad_field q'],
    ['two queries', 'q=tea&q=time', '400 bad_field q'],
    ['no page at all', 'q=tea&limit=0', '400 bad_field limit'],
    ['51 messages', 'q=tea&limit=51', '400 bad_field limit'],
    ['no position', 'q=tea&before=nowhere', '400 bad_field before'],
    ['a position that is SQL', "q=tea&before=r_1.1'%20OR%201=1", '400 bad_field before'],
    ['a position in no room', 'q=tea&before=r_none.1', '400 bad_field before'],
  ];
  REFUSED.forEach(([what, query, refusal]) => {
    test(`for ${what} is refused as ${refusal}`, async () => {
      assert.equal(refusalIn(await ann.api.call('GET', `/v1/search?${query}`)), refusal);
    });
  });

  test('of 100 units, all of them words, is answered', async () => {
    await search(ann, Array.from({ length: 25 }, (_, i) => String.fromCharCode(97 + i).repeat(3)).join(' '));
    await search(ann, 'a '.repeat(50));
    await search(ann, '茶'.repeat(100));
  });
});

describe('searches of one user', () => {
  test('are refused beyond their rate, with the time to wait, and others are not', async () => {
    const clock = new FakeClock();
    const own = await TestServer.start({ clock });
    try {
      const [cy, di] = [await own.person('cy'), await own.person('di')];
      for (let i = 0; i < 30; i++) {
        await search(cy, 'tea');
      }
      const reply = await cy.api.call('GET', '/v1/search?q=tea');
      assert.deepEqual([refusalIn(reply), reply.headers.get('retry-after')], ['429 rate_limited', '1']);
      await search(di, 'tea');
      clock.advance(200);
      await search(cy, 'tea');
    } finally {
      await own.stop();
    }
  });
});
