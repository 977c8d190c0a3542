/** What the bench uses of the HTTP clients and queues it measures. Types of our own, for the reason in peer-packages.ts. */
import { Agent as HttpAgent } from 'node:http';
import { defaultOf, loadPeer } from './peer-packages';

/** As little of an `AbortSignal` as these packages look at. */
export interface PeerSignal {
  readonly aborted: boolean;
  addEventListener(event: 'abort', listener: () => void): void;
  removeEventListener(event: 'abort', listener: () => void): void;
}

export interface UndiciController {
  abort(reason: Error): void;
}

/** Told what comes of one exchange. */
export interface UndiciHandler {
  onRequestStart(controller: UndiciController): void;
  onResponseStart(controller: UndiciController, status: number, headers: Record<string, string | string[]>): void;
  onResponseData(controller: UndiciController, part: Buffer): void;
  onResponseEnd(controller: UndiciController): void;
  onResponseError(controller: UndiciController, error: Error): void;
}

export interface UndiciExchange {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string | Uint8Array | null;
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

export interface UndiciDispatcher {
  dispatch(exchange: UndiciExchange, handler: UndiciHandler): boolean;
  close(): Promise<void>;
}

export interface UndiciAnswer {
  readonly statusCode: number;
  readonly body: { json(): Promise<unknown> };
}

export interface UndiciPackage {
  readonly Agent: new (options: { readonly connections: number }) => UndiciDispatcher;
  readonly request: (url: string, options: { readonly dispatcher: UndiciDispatcher }) => Promise<UndiciAnswer>;
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
