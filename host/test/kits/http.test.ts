import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startHarness, type Harness } from './harness.js';

/** An event that never comes must fail the test, not stop the run. */
const HANG_MS = 300_000;

/** The answer of `/chunks`: its head and its first part at once, each further part when the page asks for it by `/next-chunk`. */
class Chunks {
  private response: ServerResponse | null = null;
  private parts: string[] = [];
  private waiting: (() => void)[] = [];

  begin(response: ServerResponse): void {
    this.response = response;
    this.parts = ['two', 'three'];
    response.write('one');
    this.waiting.splice(0).forEach((tell) => tell());
  }

  whenBegun(tell: () => void): void {
    if (this.response === null) {
      this.waiting.push(tell);
    } else {
      tell();
    }
  }

  next(): void {
    this.response?.write(this.parts.shift());
    if (this.parts.length === 0) {
      this.response?.end();
      this.response = null;
    }
  }
}

let harness: Harness;
let page: Page;
/** Requests to `/hang`, whose answers never end. */
const hanging: ServerResponse[] = [];
const chunks = new Chunks();

function route(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://host');
  switch (url.pathname) {
    case '/echo': {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.setHeader('Content-Type', 'application/json');
        response.setHeader('X-Parley-Test', 'Yes');
        response.end(
          JSON.stringify({
            method: request.method,
            url: request.url,
            type: request.headers['content-type'] ?? null,
            body,
          }),
        );
      });
      return;
    }
    case '/status':
      response.writeHead(Number(url.searchParams.get('code')), { 'content-type': 'application/json' });
      response.end('{"reason":"told so"}');
      return;
    case '/bytes':
      response.end(Buffer.alloc(Number(url.searchParams.get('count')), 'a'));
      return;
    case '/chunks':
      chunks.begin(response);
      return;
    case '/chunks-begun':
      chunks.whenBegun(() => response.end());
      return;
    case '/next-chunk':
      chunks.next();
      response.end();
      return;
    default:
      hanging.push(response);
      response.write('begun');
  }
}

before(async () => {
  harness = await startHarness({ page: 'kits.ts', routes: route });
  page = await harness.open(await harness.context());
});

after(() => harness.close());

describe('http', { timeout: HANG_MS }, () => {
  test('readTimeout bounds the whole exchange, also while bytes arrive', async () => {
    const failure = await page.evaluate(() =>
      kits.failureOf(() => kits.http.createHttp().request('/hang'.replace(/^/, location.origin), { readTimeout: 300 })),
    );
    assert.equal(failure?.code, 2300028);
    assert.equal(failure?.name, 'BusinessError');
  });

  test('readTimeout 0 waits for as long as it takes', async () => {
    const seen = await page.evaluate(async () => {
      const request = kits.http.createHttp();
      const begun = new Promise((resolve) => request.on('headersReceive', resolve));
      const answer = request.request(`${location.origin}/chunks`, { readTimeout: 0 });
      await Promise.race([begun, answer]);
      await fetch('/next-chunk');
      await fetch('/next-chunk');
      return (await answer).result;
    });
    assert.equal(seen, 'onetwothree');
  });

  test('destroy cuts the request on the wire', async () => {
    hanging.length = 0;
    const outcome = page.evaluate(async () => {
      const request = kits.http.createHttp();
      const arrived = new Promise((resolve) => request.on('headersReceive', resolve));
      const failed = kits.failureOf(() => request.request(`${location.origin}/hang`));
      await arrived;
      request.destroy();
      return (await failed)?.code;
    });
    assert.equal(await outcome, 2300023);
    const [response] = hanging;
    assert.ok(response !== undefined);
    if (!response.destroyed) {
      await once(response, 'close');
    }
    assert.equal(response.writableFinished, false);
  });

  test('reads at most 5 MiB unless maxLimit says more', async () => {
    const seen = await page.evaluate(async () => {
      const limit = 5 * 1024 * 1024;
      const get = (count: number, maxLimit?: number): Promise<unknown> =>
        kits.failureOf(() =>
          kits.http
            .createHttp()
            .request(`${location.origin}/bytes?count=${count}`, maxLimit === undefined ? {} : { maxLimit }),
        );
      return [await get(limit), await get(limit + 1), await get(limit + 1, limit + 1)];
    });
    assert.deepEqual(
      seen.map((failure) => (failure as { code: number } | null)?.code),
      [undefined, 2300023, undefined],
    );
  });

  test('a status of 500 is an answer, with lower-case header names', async () => {
    const seen = await page.evaluate(async () => {
      const bad = await kits.http.createHttp().request(`${location.origin}/status?code=500`);
      const good = await kits.http.createHttp().request(`${location.origin}/echo`, {
        expectDataType: kits.http.HttpDataType.OBJECT,
      });
      const header = good.header as Record<string, string>;
      return { bad: bad.responseCode, text: bad.result, header: header['x-parley-test'], type: good.resultType };
    });
    assert.deepEqual(seen, { bad: 500, text: '{"reason":"told so"}', header: 'Yes', type: 1 });
  });

  test('extraData is the body of POST and PUT and the query of the others', async () => {
    const seen = await page.evaluate(async () => {
      const answers: unknown[] = [];
      for (const method of ['POST', 'PUT', 'DELETE', 'GET'] as const) {
        const answer = await kits.http.createHttp().request(`${location.origin}/echo?a=1`, {
          method: kits.http.RequestMethod[method],
          extraData: { b: 2 },
        });
        answers.push(JSON.parse(answer.result as string));
      }
      return answers;
    });
    const json = { type: 'application/json', body: '{"b":2}' };
    const none = { type: null, body: '' };
    assert.deepEqual(seen, [
      { method: 'POST', url: '/echo?a=1', ...json },
      { method: 'PUT', url: '/echo?a=1', ...json },
      { method: 'DELETE', url: '/echo?a=1&b=2', ...none },
      { method: 'GET', url: '/echo?a=1&b=2', ...none },
    ]);
  });

  test('PATCH does not exist', async () => {
    const failure = await page.evaluate(() =>
      kits.failureOf(() => kits.http.createHttp().request(location.origin, { method: 'PATCH' as never })),
    );
    assert.equal(failure?.code, 401);
  });

  test('a server that is not there, a wrong address and a wrong scheme have their own codes', async () => {
    const seen = await page.evaluate(async () => {
      const codes: unknown[] = [];
      for (const url of ['http://127.0.0.1:1/', 'no address', 'ftp://127.0.0.1/']) {
        codes.push((await kits.failureOf(() => kits.http.createHttp().request(url)))?.code);
      }
      return codes;
    });
    assert.deepEqual(seen, [2300007, 2300003, 2300001]);
  });

  test('one object makes one request', async () => {
    const failure = await page.evaluate(async () => {
      const request = kits.http.createHttp();
      await request.request(`${location.origin}/echo`);
      return await kits.failureOf(() => request.request(`${location.origin}/echo`));
    });
    assert.equal(failure?.name, 'HostError');
  });

  test('a stream hands over parts as they come and its status at the end', async () => {
    const seen = await page.evaluate(async () => {
      const request = kits.http.createHttp();
      const events: string[] = [];
      // The next part leaves the server when the last one is here: so none of them can arrive together.
      request.on('dataReceive', (data) => {
        if (events.push(new TextDecoder().decode(data)) < 3) {
          void fetch('/next-chunk');
        }
      });
      request.on('dataEnd', () => events.push('end'));
      const status = await request.requestInStream(`${location.origin}/chunks`, { readTimeout: 0, usingCache: false });
      return { events, status };
    });
    assert.equal(seen.status, 200);
    assert.deepEqual(seen.events, ['one', 'two', 'three', 'end']);
  });

  test('the callback form gets no error after a success', async () => {
    const seen = await page.evaluate(
      () =>
        new Promise((resolve) => {
          kits.http.createHttp().request(`${location.origin}/echo`, (error, data) => {
            resolve([error === undefined, data.responseCode]);
          });
        }),
    );
    assert.deepEqual(seen, [true, 200]);
  });
});

describe('@ohos/axios', { timeout: HANG_MS }, () => {
  test('a signal cancels what is not sent yet', async () => {
    const failure = await page.evaluate(async () => {
      const controller = new AbortController();
      controller.abort();
      return await kits.failureOf(() => kits.axios.get(`${location.origin}/echo`, { signal: controller.signal }));
    });
    assert.equal(failure?.code, 'ERR_CANCELED');
  });

  test('a signal cannot cancel a request that is on the wire', async () => {
    const status = await page.evaluate(async () => {
      const controller = new AbortController();
      const running = kits.axios.get(`${location.origin}/chunks`, { signal: controller.signal });
      // Nothing tells axios that the request is on its way, but the server knows it.
      await fetch('/chunks-begun');
      controller.abort();
      await fetch('/next-chunk');
      await fetch('/next-chunk');
      return (await running).status;
    });
    assert.equal(status, 200);
  });

  test('4xx is ERR_BAD_REQUEST, 5xx ERR_BAD_RESPONSE, both with the response', async () => {
    const seen = await page.evaluate(async () => {
      const failures: unknown[] = [];
      for (const code of [404, 503]) {
        try {
          await kits.axios.get(`${location.origin}/status?code=${code}`);
        } catch (error) {
          const { code: name, response } = error as InstanceType<typeof kits.AxiosError>;
          failures.push([name, response?.status, response?.data]);
        }
      }
      const allowed = await kits.axios.get(`${location.origin}/status?code=404`, { validateStatus: () => true });
      return [...failures, allowed.status];
    });
    const data = { reason: 'told so' };
    assert.deepEqual(seen, [['ERR_BAD_REQUEST', 404, data], ['ERR_BAD_RESPONSE', 503, data], 404]);
  });

  test('failures of the network carry 2300000 plus the code of curl, timeout is ECONNABORTED', async () => {
    const seen = await page.evaluate(async () => {
      const refused = await kits.failureOf(() => kits.axios.get('http://127.0.0.1:1/'));
      const read = await kits.failureOf(() => kits.axios.get(`${location.origin}/hang`, { readTimeout: 200 }));
      const whole = await kits.failureOf(() => kits.axios.get(`${location.origin}/hang`, { timeout: 200 }));
      const large = await kits.failureOf(() => kits.axios.get(`${location.origin}/bytes?count=${5 * 1024 * 1024 + 1}`));
      return [refused?.code, read?.code, whole?.code, large?.code];
    });
    assert.deepEqual(seen, [2300007, 2300028, 'ECONNABORTED', 2300023]);
  });

  test('there is no PATCH', async () => {
    const seen = await page.evaluate(async () => ({
      isMember: 'patch' in kits.axios,
      failure: await kits.failureOf(() => kits.axios.request({ url: location.origin, method: 'PATCH' })),
    }));
    assert.equal(seen.isMember, false);
    assert.equal(seen.failure?.code, 'ERR_BAD_OPTION_VALUE');
  });

  test('an instance joins baseURL, params, headers and a JSON body', async () => {
    const seen = await page.evaluate(async () => {
      const client = kits.axios.create({ baseURL: `${location.origin}/` });
      const answer = await client.post('/echo', { text: 'hi' }, { params: { q: 'a b', list: [1, 2], none: null } });
      return answer.data as unknown;
    });
    assert.deepEqual(seen, {
      method: 'POST',
      url: '/echo?q=a%20b&list%5B%5D=1&list%5B%5D=2',
      type: 'application/json',
      body: '{"text":"hi"}',
    });
  });

  test("responseType 'string' leaves JSON alone, none parses it", async () => {
    const seen = await page.evaluate(async () => {
      const url = `${location.origin}/status?code=200`;
      const raw = await kits.axios.get(url, { responseType: 'string' });
      const parsed = await kits.axios.get(url);
      return [raw.data, parsed.data] as unknown[];
    });
    assert.deepEqual(seen, ['{"reason":"told so"}', { reason: 'told so' }]);
  });

  test('request interceptors run last first, response interceptors first first, ejected ones not at all', async () => {
    const seen = await page.evaluate(async () => {
      const client = kits.axios.create();
      const order: string[] = [];
      for (const name of ['a', 'b', 'ejected']) {
        const requestId = client.interceptors.request.use((config) => {
          order.push(`request ${name}`);
          return config;
        });
        const responseId = client.interceptors.response.use((response) => {
          order.push(`response ${name}`);
          return response;
        });
        if (name === 'ejected') {
          client.interceptors.request.eject(requestId);
          client.interceptors.response.eject(responseId);
        }
      }
      await client.get(`${location.origin}/echo`);
      return order;
    });
    assert.deepEqual(seen, ['request b', 'request a', 'response a', 'response b']);
  });
});
