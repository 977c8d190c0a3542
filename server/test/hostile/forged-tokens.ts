import { SignJWT, UnsecuredJWT } from 'jose';

/** Long enough for every algorithm of the family, so that only what a row is about can be at fault. */
export const SECRET = 'a secret of the hostile tests that is long enough for the longest of the hashes';

interface Claims {
  readonly sub: string;
  readonly sid: string;
}

export interface ForgedToken {
  readonly what: string;
  readonly token: string;
  readonly code: 'token_invalid' | 'token_expired';
}

export function claimsOf(accessToken: string): Claims {
  const { sub, sid } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as Claims;
  return { sub, sid };
}

/** Tokens that name a living session and are none of this server's. */
export async function forgedTokens(accessToken: string): Promise<ForgedToken[]> {
  const claims = { iss: 'parley', aud: 'parley.v1', ...claimsOf(accessToken) };
  const nowS = Math.floor(Date.now() / 1000);
  const sign = (secret: string, change: object = {}, alg = 'HS256', expS = nowS + 600): Promise<string> =>
    new SignJWT({ ...claims, ...change, exp: expS }).setProtectedHeader({ alg }).sign(Buffer.from(secret));
  const [head = '', body = ''] = accessToken.split('.');
  const tokens: [what: string, token: string, code?: 'token_expired'][] = [
    ['a token without a signature (alg none)', new UnsecuredJWT({ ...claims }).setExpirationTime('1h').encode()],
    ['a token whose signature was cut off', `${head}.${body}.`],
    ['a token of another key', await sign(`${SECRET} but another one`)],
    ['a token of another algorithm', await sign(SECRET, {}, 'HS512')],
    ['a token for another audience', await sign(SECRET, { aud: 'elsewhere' })],
    ['a token of another issuer', await sign(SECRET, { iss: 'elsewhere' })],
    ['a token of a session that is none', await sign(SECRET, { sid: "s_' OR 1=1 --" })],
    ['a token of another user in this session', await sign(SECRET, { sub: 'u_other' })],
    ['an expired token', await sign(SECRET, {}, 'HS256', nowS - 1), 'token_expired'],
    ['words', 'abc'],
    ['a path', '../../../etc/passwd'],
  ];
  return tokens.map(([what, token, code]) => ({ what, token, code: code ?? 'token_invalid' }));
}
