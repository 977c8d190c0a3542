import type preferences from '@ohos.data.preferences';
import { base64ToBytes, bytesToBase64 } from './base64.js';

type ValueType = preferences.ValueType;

/** JSON has neither bytes nor bigint: they are wrapped under a key that no stored object has. */
const TAG = '$host';

export function encodeValues(values: ReadonlyMap<string, ValueType>): string {
  return JSON.stringify([...values], (_key, value: unknown) => {
    if (value instanceof Uint8Array) {
      return { [TAG]: 'bytes', text: bytesToBase64(value) };
    }
    return typeof value === 'bigint' ? { [TAG]: 'bigint', text: value.toString() } : value;
  });
}

export function decodeValues(text: string): Map<string, ValueType> {
  return new Map(
    JSON.parse(text, (_key, value: unknown) => {
      const tagged = value as { [TAG]?: string; text: string } | null;
      switch (typeof value === 'object' ? tagged?.[TAG] : undefined) {
        case 'bytes':
          return base64ToBytes(tagged!.text);
        case 'bigint':
          return BigInt(tagged!.text);
        default:
          return value;
      }
    }) as [string, ValueType][],
  );
}
