/** The address without user and password: what may stand in messages and logs. */
export function placeOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname}`;
  } catch {
    return 'an address that is no URL';
  }
}
