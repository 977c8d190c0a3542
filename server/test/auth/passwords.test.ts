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
