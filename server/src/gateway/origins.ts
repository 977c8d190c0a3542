const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

function hostNameOf(url: string): string | null {
  try {
    return new URL(url).hostname;
  } catch {
    return null; // Not a URL ("null" of a sandboxed page, say): an origin that nothing matches.
  }
}

/**
 * Which web pages may use the server. Tokens never travel by themselves as cookies do, so this is a second wall, and it can
 * be practical: pages from the server's own host on any port, and from this machine, are let in; others by name. Apps
 * that are no web page send no `Origin` and are let in.
 */
export class Origins {
  constructor(private readonly allowed: readonly string[]) {}

  isAllowed(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined || this.allowed.includes('*') || this.allowed.includes(origin)) {
      return true;
    }
    const name = hostNameOf(origin);
    if (name === null || name === '') {
      return false;
    }
    return LOOPBACK_HOSTS.includes(name) || (host !== undefined && name === hostNameOf(`http://${host}`));
  }
}
