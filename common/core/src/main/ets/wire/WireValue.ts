/** What JSON and this project's part of MessagePack can both say. Internal to `wire`. */
export type WireValue = string | number | boolean | null | WireValue[] | WireObject | undefined;
export interface WireObject { [key: string]: WireValue; }
