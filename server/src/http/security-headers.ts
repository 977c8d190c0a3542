import type { FastifyHelmetOptions } from '@fastify/helmet';

/** Answers of the API are no pages: whatever they hold, nothing of it may act. */
const API_POLICY = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/**
 * For pages that consist of modules from the server itself. Connections may go anywhere: the server's address is a setting of
 * the app. Inline styles are what the preview's renderer writes; inline scripts do not exist. WebAssembly is the preview's
 * database.
 */
export const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  'connect-src http: https: ws: wss:',
  "frame-src 'self'",
  "frame-ancestors 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** What helmet sets on every answer. `hstsMaxAgeS` 0: no HSTS, for a server that browsers also reach without TLS. */
export function helmetOptions(hstsMaxAgeS: number): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: { useDefaults: false, directives: API_POLICY },
    strictTransportSecurity: hstsMaxAgeS > 0 && { maxAge: hstsMaxAgeS, includeSubDomains: false },
    referrerPolicy: { policy: 'no-referrer' },
  };
}

/** On answers to what is no request yet, which pass no hook. */
export const BARE_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};
