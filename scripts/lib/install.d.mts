export const ROOT: string;
export function requireNode(): void;
export function installMissing(withDev: boolean): void;
