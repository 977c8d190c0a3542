import { existsSync, readFileSync } from 'node:fs';
import JSON5 from 'json5';

export type JsonObject = { [key: string]: unknown };

/** A file that cannot be read as what it must be. The message starts with the file's path. */
export class ProjectFileError extends Error {
  readonly file: string;
  readonly line: number;

  constructor(file: string, line: number, message: string) {
    super(`${file}:${line} ${message}`);
    this.name = 'ProjectFileError';
    this.file = file;
    this.line = line;
  }
}

/** JSON5 reads plain JSON too, and hvigor itself reads every project file this way. */
export function readJson5(file: string): JsonObject {
  if (!existsSync(file)) {
    throw new ProjectFileError(file, 1, 'is missing');
  }
  let value: unknown;
  try {
    value = JSON5.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const at = error as { lineNumber?: number; message: string };
    throw new ProjectFileError(file, at.lineNumber ?? 1, `is not JSON5: ${at.message}`);
  }
  if (!isObject(value)) {
    throw new ProjectFileError(
      file,
      1,
      `must hold an object, holds ${Array.isArray(value) ? 'an array' : typeof value}`,
    );
  }
  return value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(from: JsonObject, key: string): JsonObject {
  const value = from[key];
  return isObject(value) ? value : {};
}

export function listAt(from: JsonObject, key: string): JsonObject[] {
  const value = from[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function stringAt(from: JsonObject, key: string): string {
  const value = from[key];
  return typeof value === 'string' ? value : '';
}
