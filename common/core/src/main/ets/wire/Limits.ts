/** Limits of `parley.v1`, the same on both sides. Source: docs/PROTOCOL.md, "Limits". */
/** The subprotocol whose frames are JSON in text messages. */
export const PROTOCOL_NAME: string = 'parley.v1';
/** The subprotocol whose frames are MessagePack in binary messages. */
export const PROTOCOL_NAME_MSGPACK: string = 'parley.v1.msgpack';

/** Largest message a client may send, a frame or a batch, in bytes. */
export const MAX_CLIENT_FRAME_BYTES: number = 65536;
/** Largest message a server may send, a frame or a batch, in bytes. */
export const MAX_SERVER_FRAME_BYTES: number = 4194304;
/** Most frames of one batch. */
export const MAX_BATCH_FRAMES: number = 64;
/** Objects and arrays inside each other in one message; the deepest frame has 6, in a batch 7. */
export const MAX_NESTING: number = 16;
/** Longest message text, in UTF-16 code units. */
export const MAX_TEXT_LENGTH: number = 4000;
export const MIN_USER_NAME_LENGTH: number = 2;
export const MAX_USER_NAME_LENGTH: number = 32;
export const MIN_PASSWORD_LENGTH: number = 8;
export const MAX_PASSWORD_LENGTH: number = 128;
export const MAX_ROOM_NAME_LENGTH: number = 64;
export const MAX_ID_LENGTH: number = 64;
export const MIN_CLIENT_ID_LENGTH: number = 8;
export const MAX_TOKEN_LENGTH: number = 4096;
/** Most members of one room. */
export const MAX_ROOM_MEMBERS: number = 500;
/** Most events in one answer to `log.resume`; a longer gap is answered `recovered: false`. */
export const MAX_RESUME_EVENTS: number = 500;
/** Most events in one page of history. */
export const MAX_HISTORY_PAGE: number = 200;
export const DEFAULT_HISTORY_PAGE: number = 50;
/** Most rooms in one page of the directory. */
export const MAX_ROOM_PAGE: number = 200;
/** Largest file, in bytes. */
export const MAX_FILE_BYTES: number = 10485760;
/** Longest name of a file, in UTF-16 code units. */
export const MAX_FILE_NAME_LENGTH: number = 120;
/** Longest content type of a file, without parameters. */
export const MAX_CONTENT_TYPE_LENGTH: number = 100;
/** Longest text to search for, in UTF-16 code units. */
export const MAX_QUERY_LENGTH: number = 100;
/** Most messages in one page of found ones. */
export const MAX_SEARCH_PAGE: number = 50;
export const DEFAULT_SEARCH_PAGE: number = 20;
/** Most places that are named in one found message. */
export const MAX_HIT_RANGES: number = 16;
/** A typing mark ends by itself after this time, on the server and on the receiver. */
export const TYPING_TTL_MS: number = 6000;
/** A client repeats `typing.set` at most once in this time while its user types. */
export const TYPING_REPEAT_MS: number = 3000;
/** What a client calls itself when it signs in. */
export const MAX_DEVICE_LENGTH: number = 100;
/** Sign-ins of one user in one answer. */
export const MAX_LISTED_SESSIONS: number = 1000;
