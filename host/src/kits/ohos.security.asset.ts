import type asset from '@ohos.security.asset';
import { HostError } from '../runtime/core/errors.js';
import { area } from './support/area.js';
import { ErrorCode, Tag, TagType } from './support/asset-tags.js';
import { base64ToBytes, bytesToBase64 } from './support/base64.js';
import { KitError, parameterError } from './support/business-error.js';
import { enumOf } from './support/enums.js';
import { loud } from './support/loud.js';

type AssetMap = asset.AssetMap;
type Value = asset.Value;

/** From the kit's reference: an asset is for a password or a token, not for data. */
const MAX_SECRET_BYTES = 1024;
const MAX_ALIAS_BYTES = 256;
const MAX_LABEL_BYTES = 2048;
const ALL = 0;
const OVERWRITE = 0;

const vault = area('asset');

/** Tags that steer a call and are not part of what is stored. */
const STEERING = new Set<number>([
  Tag.RETURN_TYPE,
  Tag.RETURN_LIMIT,
  Tag.RETURN_OFFSET,
  Tag.RETURN_ORDERED_BY,
  Tag.CONFLICT_RESOLUTION,
  Tag.AUTH_CHALLENGE,
  Tag.AUTH_TOKEN,
  Tag.OPERATION_TYPE,
]);

function addSync(attributes: AssetMap): void {
  check(attributes);
  const alias = bytesOf(attributes, Tag.ALIAS, 'ALIAS');
  bytesOf(attributes, Tag.SECRET, 'SECRET');
  const isThere = load(alias) !== null;
  if (isThere && attributes.get(Tag.CONFLICT_RESOLUTION) !== OVERWRITE) {
    throw new KitError(ErrorCode.DUPLICATED, 'The asset already exists.');
  }
  store(alias, stored(attributes));
}

function removeSync(query: AssetMap): void {
  const found = matches(query);
  found.forEach(({ key }) => vault.delete(key));
}

function updateSync(query: AssetMap, attributesToUpdate: AssetMap): void {
  check(attributesToUpdate);
  const alias = bytesOf(query, Tag.ALIAS, 'ALIAS');
  const [found] = matches(query);
  store(alias, new Map([...(found?.attributes ?? []), ...stored(attributesToUpdate)]));
}

/** Without RETURN_TYPE ALL the secrets stay inside; with it the alias is mandatory. */
function querySync(query: AssetMap): AssetMap[] {
  const wantsSecret = query.get(Tag.RETURN_TYPE) === ALL;
  if (wantsSecret) {
    bytesOf(query, Tag.ALIAS, 'ALIAS');
  }
  const offset = Number(query.get(Tag.RETURN_OFFSET) ?? 0);
  const limit = Number(query.get(Tag.RETURN_LIMIT) ?? Infinity);
  return matches(query)
    .slice(offset, offset + limit)
    .map(({ attributes }) => {
      const copy = new Map(attributes);
      if (!wantsSecret) {
        copy.delete(Tag.SECRET);
      }
      return copy;
    });
}

interface Match {
  key: string;
  attributes: AssetMap;
}

/** The assets whose attributes equal all those of the query, never none: that is NOT_FOUND. */
function matches(query: AssetMap): Match[] {
  check(query);
  const wanted = [...query].filter(([tag]) => !STEERING.has(tag));
  const found = vault
    .keys()
    .map((key) => ({ key, attributes: read(key) }))
    .filter(({ attributes }) => wanted.every(([tag, value]) => isSame(attributes.get(tag), value)));
  if (found.length === 0) {
    throw new KitError(ErrorCode.NOT_FOUND, 'The asset is not found.');
  }
  return found;
}

function check(map: AssetMap): void {
  if (!(map instanceof Map)) {
    throw parameterError('attributes', 'Map<asset.Tag, asset.Value>', typeof map);
  }
  for (const [tag, value] of map) {
    const name = Object.entries(Tag).find(([, known]) => known === tag)?.[0];
    if (name === undefined) {
      throw parameterError('tag', 'an asset.Tag', tag);
    }
    if (typeName(value) !== expectedType(tag)) {
      throw parameterError(name, expectedType(tag), typeName(value));
    }
    if (value instanceof Uint8Array) {
      const limit = limitOf(tag);
      if (value.byteLength < 1 || value.byteLength > limit) {
        throw parameterError(name, `1 to ${limit} bytes`, `${value.byteLength} bytes`);
      }
    }
  }
  if (map.get(Tag.IS_PERSISTENT) === true) {
    throw new KitError(ErrorCode.PERMISSION_DENIED, 'IS_PERSISTENT needs ohos.permission.STORE_PERSISTENT_DATA');
  }
  if (map.has(Tag.AUTH_TYPE) && map.get(Tag.AUTH_TYPE) !== 0) {
    throw new HostError('asset: user authentication (AUTH_TYPE) is not implemented by the host');
  }
}

function expectedType(tag: number): string {
  const type = (tag >>> 28) << 28;
  return type === TagType.BOOL ? 'boolean' : type === TagType.NUMBER ? 'number' : 'Uint8Array';
}

function typeName(value: Value): string {
  return value instanceof Uint8Array ? 'Uint8Array' : typeof value;
}

function limitOf(tag: number): number {
  return tag === Tag.SECRET ? MAX_SECRET_BYTES : tag === Tag.ALIAS ? MAX_ALIAS_BYTES : MAX_LABEL_BYTES;
}

function bytesOf(map: AssetMap, tag: asset.Tag, name: string): Uint8Array {
  const value = map.get(tag);
  if (!(value instanceof Uint8Array)) {
    throw parameterError(name, 'Uint8Array', value);
  }
  return value;
}

function isSame(a: Value | undefined, b: Value): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? bytesToBase64(a) === bytesToBase64(b) : a === b;
}

function stored(map: AssetMap): AssetMap {
  return new Map([...map].filter(([tag]) => !STEERING.has(tag)));
}

function load(alias: Uint8Array): AssetMap | null {
  return vault.get(bytesToBase64(alias)) === null ? null : read(bytesToBase64(alias));
}

function store(alias: Uint8Array, attributes: AssetMap): void {
  const entries = [...attributes].map(([tag, value]) =>
    value instanceof Uint8Array ? [tag, bytesToBase64(value), 'bytes'] : [tag, value],
  );
  vault.set(bytesToBase64(alias), JSON.stringify(entries));
}

function read(key: string): AssetMap {
  const entries = JSON.parse(vault.get(key) ?? '[]') as [asset.Tag, string | number | boolean, 'bytes'?][];
  return new Map(
    entries.map(([tag, value, kind]) => [tag, kind === 'bytes' ? base64ToBytes(String(value)) : (value as Value)]),
  );
}

/** In a browser the store is localStorage, in clear: a preview has no secrets to keep. */
export default loud<typeof asset>('asset', {
  add: async (attributes) => addSync(attributes),
  addSync,
  remove: async (query) => removeSync(query),
  removeSync,
  update: async (query, attributes) => updateSync(query, attributes),
  updateSync,
  query: async (query) => querySync(query),
  querySync,
  Tag,
  TagType,
  ErrorCode,
  Accessibility: enumOf<typeof asset.Accessibility>({
    DEVICE_POWERED_ON: 0,
    DEVICE_FIRST_UNLOCKED: 1,
    DEVICE_UNLOCKED: 2,
  }),
  AuthType: enumOf<typeof asset.AuthType>({ NONE: 0, ANY: 255 }),
  SyncType: enumOf<typeof asset.SyncType>({ NEVER: 0, THIS_DEVICE: 1, TRUSTED_DEVICE: 2, TRUSTED_ACCOUNT: 4 }),
  ConflictResolution: enumOf<typeof asset.ConflictResolution>({ OVERWRITE, THROW_ERROR: 1 }),
  ReturnType: enumOf<typeof asset.ReturnType>({ ALL, ATTRIBUTES: 1 }),
});
