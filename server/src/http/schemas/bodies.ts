import { type Static, Type } from '@sinclair/typebox';
import type {
  CreateRoomRequest,
  Credentials,
  RefreshRequest,
} from '../../../../common/core/src/main/ets/wire/HttpBodies';
import {
  MAX_PASSWORD_LENGTH,
  MAX_ROOM_NAME_LENGTH,
  MAX_TOKEN_LENGTH,
  MAX_USER_NAME_LENGTH,
  MIN_PASSWORD_LENGTH,
  MIN_USER_NAME_LENGTH,
} from '../../../../common/core/src/main/ets/wire/Limits';
import { said, text } from './values';

/**
 * What requests bring. Source: docs/PROTOCOL.md, "HTTP API". The client's side of the same rules is wire's HttpBodies; a
 * property test holds both to the same bodies. Fields that are not named are ignored.
 */
export const credentials = Type.Object(
  {
    userName: text({
      min: MIN_USER_NAME_LENGTH,
      max: MAX_USER_NAME_LENGTH,
      pattern: '^[\\p{L}\\p{M}\\p{N}_.-]*$',
      expected: 'letters, digits, _ . -',
      actual: 'another character',
      description: 'Compared without case and in Unicode NFKC.',
    }),
    password: text({ min: MIN_PASSWORD_LENGTH, max: MAX_PASSWORD_LENGTH, description: 'Compared in Unicode NFKC.' }),
  },
  { $id: 'Credentials' },
);

export const refreshRequest = Type.Object(
  { refreshToken: text({ min: 1, max: MAX_TOKEN_LENGTH, description: 'Good for one use.' }) },
  { $id: 'RefreshRequest' },
);

export const createRoomRequest = Type.Object(
  { name: said(MAX_ROOM_NAME_LENGTH, 'Trimmed; unique without case.') },
  { $id: 'CreateRoomRequest' },
);

/** The compiler refuses a schema that says something else than wire's type. */
export type SameAsWire = [
  Same<Static<typeof credentials>, Credentials>,
  Same<Static<typeof refreshRequest>, RefreshRequest>,
  Same<Static<typeof createRoomRequest>, CreateRoomRequest>,
];
type Same<A extends B, B> = [A, B];
