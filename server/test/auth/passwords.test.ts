import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Passwords } from '../../src/auth/passwords';

test('passwords are hashed by argon2id at the cost that OWASP names, and never twice alike', async () => {
  const passwords = new Passwords();
  const [first, second] = [await passwords.hash('correct horse'), await passwords.hash('correct horse')];
  assert.match(first, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.notEqual(first, second);
  assert.equal(await passwords.verify(first, 'correct horse'), true);
  assert.equal(await passwords.verify(first, 'correct horse '), false);
  assert.equal(await passwords.verify(null, 'nobody has this password'), false);
});

test('a name that nobody has takes as long as a wrong password', async () => {
  const passwords = new Passwords();
  const known = await passwords.hash('correct horse');
  await passwords.warmUp();
  async function fastestMs(hash: string | null): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const sinceMs = performance.now();
      assert.equal(await passwords.verify(hash, 'wrong horse'), false);
      times.push(performance.now() - sinceMs);
    }
    return Math.min(...times);
  }
  const ofKnown = await fastestMs(known);
  const ofNobody = await fastestMs(null);
  assert.ok(ofNobody > ofKnown / 4, `expected about ${ofKnown} ms, got ${ofNobody}`);
});
