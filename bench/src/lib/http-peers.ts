/** What the bench uses of the HTTP clients and queues it measures. Types of our own, for the reason in peer-packages.ts. */
import { Agent as HttpAgent } from 'node:http';
import { defaultOf, loadPeer } from './peer-packages';

/** As little of an `AbortSignal` as these packages look at. */
export interface PeerSignal {
  readonly aborted: boolean;
  addEventListener(event: 'abort', listener: () => void): void;
  removeEventListener(event: 'abort', listener: () => void): void;
}

export interface UndiciDispatcher {
  close(): Promise<void>;
}

export interface UndiciRequestOptions {
  readonly dispatcher: UndiciDispatcher;
  readonly method?: string;
  /** Names and values in turn. */
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array | null;
  readonly headersTimeout?: number;
  readonly bodyTimeout?: number;
  readonly signal?: PeerSignal | null;
}

export interface UndiciAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: { json(): Promise<unknown>; text(): Promise<string>; arrayBuffer(): Promise<ArrayBuffer> };
}

export interface UndiciPackage {
  readonly Agent: new (options: { readonly connections: number }) => UndiciDispatcher;
  readonly request: (url: string, options: UndiciRequestOptions) => Promise<UndiciAnswer>;
}

export interface AxiosAnswer {
  readonly status: number;
  readonly headers: { toJSON(asStrings: boolean): Readonly<Record<string, string>> };
  readonly data: unknown;
}

export interface AxiosInstance {
  get(path: string): Promise<AxiosAnswer>;
  request(config: object): Promise<AxiosAnswer>;
}

export interface AxiosPackage {
  create(config: object): AxiosInstance;
}

export interface KyPackage {
  create(config: object): { get(path: string): { json(): Promise<unknown> } };
}

export interface GotPackage {
  extend(config: object): { get(path: string): { json(): Promise<unknown> } };
}

export interface PQueue {
  add<T>(task: () => Promise<T>, options?: { readonly priority: number }): Promise<T>;
}

export type PQueueClass = new (options: { readonly concurrency: number }) => PQueue;

/** For every client on `node:http`: connections are kept, and there are no more than these. */
export function keepAliveAgent(connections: number): HttpAgent {
  return new HttpAgent({ keepAlive: true, maxSockets: connections });
}

/** axios as it comes, on kept connections; bare axios and the port of Parley on axios are built on the same. */
export async function axiosOn(origin: string, connections: number, config: object = {}): Promise<AxiosInstance> {
  const axios = defaultOf<AxiosPackage>(await loadPeer('axios'));
  return axios.create({ baseURL: origin, httpAgent: keepAliveAgent(connections), ...config });
}

export async function pQueue(concurrency: number): Promise<PQueue> {
  const Queue = defaultOf<PQueueClass>(await loadPeer('p-queue'));
  return new Queue({ concurrency });
}
