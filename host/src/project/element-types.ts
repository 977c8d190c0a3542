/** Root keys of element files, which are also the types in `$r('app.<type>.<name>')`. */
export const ELEMENT_TYPES = [
  'string',
  'color',
  'float',
  'integer',
  'boolean',
  'plural',
  'strarray',
  'intarray',
] as const;

export type ElementType = (typeof ELEMENT_TYPES)[number];

export function isElementType(name: string): name is ElementType {
  return (ELEMENT_TYPES as readonly string[]).includes(name);
}
