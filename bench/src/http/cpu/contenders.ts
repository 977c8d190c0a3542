import { axiosOn, type GotPackage, keepAliveAgent, type KyPackage, type UndiciPackage } from '../../lib/http-peers';
import { defaultOf, loadPeer } from '../../lib/peer-packages';
import { parleyOn, type PortName } from '../parley';

/** Resolves with the parsed body. */
export type Get = (path: string) => Promise<unknown>;

/** As many as Parley's scheduler leaves to ordinary requests by default, so that all have the same number on the wire. */
export const IN_FLIGHT = 5;

type Contender = (origin: string) => Promise<Get>;

const UNDICI: Contender = async (origin) => {
  const { Agent, request } = await loadPeer<UndiciPackage>('undici');
  const dispatcher = new Agent({ connections: IN_FLIGHT });
  return async (path) => {
    const { statusCode, body } = await request(origin + path, { dispatcher });
    if (statusCode !== 200) {
      throw new Error(`expected status 200, got ${statusCode}`);
    }
    return body.json();
  };
};

const AXIOS: Contender = async (origin) => {
  const axios = await axiosOn(origin, IN_FLIGHT);
  return async (path) => (await axios.get(path)).data;
};

/** On the fetch of Node, which keeps connections by itself. */
const KY: Contender = async (origin) => {
  const ky = defaultOf<KyPackage>(await loadPeer('ky')).create({ prefixUrl: origin });
  return (path) => ky.get(path.slice(1)).json();
};

const GOT: Contender = async (origin) => {
  const got = defaultOf<GotPackage>(await loadPeer('got')).extend({
    prefixUrl: origin,
    agent: { http: keepAliveAgent(IN_FLIGHT) },
  });
  return (path) => got.get(path.slice(1)).json();
};

function parley(port: PortName): Contender {
  return async (origin) => {
    const client = await parleyOn(port, origin, IN_FLIGHT + 1);
    return async (path) => (await client.get(path).answer).data;
  };
}

export const BARE_UNDICI = 'undici';
export const BARE_AXIOS = 'axios';
export const KY_NAME = 'ky';
export const OURS_ON_UNDICI = 'Parley on undici';
export const OURS_ON_AXIOS = 'Parley on axios';
export const OURS_ON_DEVICE = 'Parley on AxiosHttp in the host';

/** In the order of their rounds: who is compared stands next to whom it is compared with. */
export const CONTENDERS: Readonly<Record<string, Contender>> = {
  [KY_NAME]: KY,
  [OURS_ON_UNDICI]: parley('undici'),
  [BARE_UNDICI]: UNDICI,
  got: GOT,
  [OURS_ON_AXIOS]: parley('axios'),
  [BARE_AXIOS]: AXIOS,
  [OURS_ON_DEVICE]: parley('device'),
};
