import type { PerMessageDeflateOptions } from 'ws';

/**
 * permessage-deflate (RFC 7692) as this server negotiates it, where the operator wants it and the client offers it. Bounded: no
 * context is kept between messages (it would cost each connection some 300 KiB, and let texts be guessed by the length of what
 * follows them), few messages are packed at once, small ones not at all. What a client packed counts as large as it is
 * unpacked: ws stops to unpack at the largest message.
 */
export const DEFLATE: PerMessageDeflateOptions = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: 13,
  /** Bytes; what is smaller gains too little. */
  threshold: 1024,
  concurrencyLimit: 4,
  zlibDeflateOptions: { level: 3, memLevel: 7 },
};
