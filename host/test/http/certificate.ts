import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

/** An authority and a server certificate of it for 127.0.0.1 and localhost, made anew for each run. */
export interface TestCertificates {
  readonly caPem: string;
  readonly certPem: string;
  readonly keyPem: string;
  /** SHA-256 of the server's public key, in Base64. */
  readonly pin: string;
  /** The same of the authority's key. */
  readonly caPin: string;
}

const DAY_MS = 24 * 60 * 60_000;
const SIGNATURE_OID = '2a8648ce3d040302';
const COMMON_NAME_OID = '550403';
const BASIC_CONSTRAINTS_OID = '551d13';
const ALT_NAME_OID = '551d11';

/** Those of one test file, the authority's also in a file of its own. */
export function useCertificates(): TestCertificates & { readonly caPath: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-ca-'));
  const certificates = makeCertificates();
  const caPath = path.join(folder, 'ca.pem');
  writeFileSync(caPath, certificates.caPem);
  after(() => rmSync(folder, { recursive: true, force: true }));
  return { ...certificates, caPath };
}

export function makeCertificates(): TestCertificates {
  const ca = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const altNames = sequence(tlv(0x87, Buffer.from([127, 0, 0, 1])), tlv(0x82, Buffer.from('localhost')));
  const isCa = sequence(tlv(0x01, Buffer.from([0xff])));
  const certPem = certificate('Test server', server.publicKey, ca.privateKey, extension(ALT_NAME_OID, altNames));
  return {
    caPem: certificate('Test authority', ca.publicKey, ca.privateKey, extension(BASIC_CONSTRAINTS_OID, isCa)),
    certPem,
    keyPem: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    pin: pinOf(server.publicKey),
    caPin: pinOf(ca.publicKey),
  };
}

function pinOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}

/** X.509 version 3 (RFC 5280, section 4.1), signed by the authority with ECDSA and SHA-256. */
function certificate(subject: string, key: KeyObject, signer: KeyObject, ...extensions: Buffer[]): string {
  const algorithm = sequence(oid(SIGNATURE_OID));
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(8)]);
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, serial),
    algorithm,
    name('Test authority'),
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    name(subject),
    key.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  );
  const der = sequence(body, algorithm, bits(sign('sha256', body, signer)));
  return new X509Certificate(der).toString();
}

function name(text: string): Buffer {
  return sequence(tlv(0x31, sequence(oid(COMMON_NAME_OID), tlv(0x0c, Buffer.from(text)))));
}

function time(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().replace(/\D/g, '').slice(2, 14);
  return tlv(0x17, Buffer.from(`${digits}Z`));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), tlv(0x04, value));
}

function bits(bytes: Buffer): Buffer {
  return tlv(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

/** Tag, length, value (X.690, section 8.1). */
function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
