import {
  type Core,
  type HttpPort,
  type HttpPriority,
  loadCore,
  loadCoreFile,
  loadPlatform,
} from '../../../host/src/node/load-core';
import { axiosOn, type UndiciPackage } from '../lib/http-peers';
import { clock, logger, network, random } from '../lib/node-ports';
import { loadPeer } from '../lib/peer-packages';
import { AXIOS_PORT_SETTINGS, AxiosPort } from './axios-port';
import { UndiciPort } from './undici-port';

/** `device`: the adapter of the app, on the stand-ins for `@ohos/axios` and its kit that the host runs it on. */
export type PortName = 'undici' | 'axios' | 'device';

interface Answer {
  readonly data: unknown;
}

/** What the bench uses of `AdvancedHttpClient`. */
export interface ParleyClient {
  get(url: string, options?: { readonly priority?: HttpPriority }): { readonly answer: Promise<Answer> };
}

interface ClientFile {
  readonly AdvancedHttpClient: new (config: object, ports: object) => ParleyClient;
}

async function portOf(core: Core, name: PortName, connections: number): Promise<HttpPort> {
  if (name === 'axios') {
    return new AxiosPort(core, await axiosOn('', connections, AXIOS_PORT_SETTINGS));
  }
  if (name === 'device') {
    const { AxiosHttp } = await loadPlatform();
    return new AxiosHttp();
  }
  const undici = await loadPeer<UndiciPackage>('undici');
  return new UndiciPort(core, new undici.Agent({ connections }));
}

/** The client as it is by default: scheduler, retry, breaker, trace and timeouts on; no cache is given, and no two URLs are equal. */
export async function parleyOver(http: HttpPort, config: object = {}): Promise<ParleyClient> {
  const { AdvancedHttpClient } = await loadCoreFile<ClientFile>('http/AdvancedHttpClient');
  return new AdvancedHttpClient({ allowPlainHttp: true, ...config }, { clock, random, logger, network, http });
}

export async function parleyOn(name: PortName, origin: string, connections: number): Promise<ParleyClient> {
  return parleyOver(await portOf(await loadCore(), name, connections), { baseUrl: origin });
}
