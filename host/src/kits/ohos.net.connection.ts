import type connection from '@ohos.net.connection';
import type { AsyncCallback, Callback } from '@ohos.base';
import { HostError } from '../runtime/core/errors.js';
import { KitError, settle, succeed } from './support/business-error.js';
import { enumOf } from './support/enums.js';
import { Listeners } from './support/listeners.js';
import { loud } from './support/loud.js';

/** The browser's one network. Real ids begin at 100. */
const NET_ID = 100;

function isOnline(): boolean {
  return typeof navigator === 'undefined' || navigator.onLine !== false;
}

function netHandle(): connection.NetHandle {
  return loud<connection.NetHandle>('connection.NetHandle', { netId: isOnline() ? NET_ID : 0 });
}

interface Events {
  netAvailable: Listeners<Callback<connection.NetHandle>>;
  netBlockStatusChange: Listeners<Callback<connection.NetBlockStatusInfo>>;
  netCapabilitiesChange: Listeners<Callback<connection.NetCapabilityInfo>>;
  netConnectionPropertiesChange: Listeners<Callback<connection.NetConnectionPropertyInfo>>;
  netLost: Listeners<Callback<connection.NetHandle>>;
  netUnavailable: Listeners<Callback<void>>;
}

/** Listeners go on before register(), which then reports a network that is already there. */
class HostNetConnection implements connection.NetConnection {
  private isRegistered = false;
  private readonly events: Events = {
    netAvailable: new Listeners(),
    netBlockStatusChange: new Listeners(),
    netCapabilitiesChange: new Listeners(),
    netConnectionPropertiesChange: new Listeners(),
    netLost: new Listeners(),
    netUnavailable: new Listeners(),
  };

  constructor(private readonly timeoutMs: number) {}

  on(type: 'netAvailable', callback: Callback<connection.NetHandle>): void;
  on(type: 'netBlockStatusChange', callback: Callback<connection.NetBlockStatusInfo>): void;
  on(type: 'netCapabilitiesChange', callback: Callback<connection.NetCapabilityInfo>): void;
  on(type: 'netConnectionPropertiesChange', callback: Callback<connection.NetConnectionPropertyInfo>): void;
  on(type: 'netLost', callback: Callback<connection.NetHandle>): void;
  on(type: 'netUnavailable', callback: Callback<void>): void;
  on(type: keyof Events, callback: (...args: never[]) => void): void {
    if (type !== 'netAvailable' && type !== 'netLost' && type !== 'netUnavailable') {
      throw new HostError(`connection.on('${type}') is not implemented by the host`);
    }
    (this.events[type] as Listeners<(...args: never[]) => void>).add(callback);
  }

  register(callback: AsyncCallback<void>): void {
    if (this.isRegistered) {
      callback(new KitError(2101008, 'The callback already exists.'), undefined);
      return;
    }
    this.isRegistered = true;
    globalThis.addEventListener('online', this.onOnline);
    globalThis.addEventListener('offline', this.onOffline);
    queueMicrotask(() => {
      succeed(callback, undefined);
      if (isOnline()) {
        this.onOnline();
      } else if (this.timeoutMs > 0) {
        setTimeout(() => this.giveUp(), this.timeoutMs);
      }
    });
  }

  unregister(callback: AsyncCallback<void>): void {
    if (!this.isRegistered) {
      callback(new KitError(2101007, 'The callback does not exist.'), undefined);
      return;
    }
    this.isRegistered = false;
    globalThis.removeEventListener('online', this.onOnline);
    globalThis.removeEventListener('offline', this.onOffline);
    queueMicrotask(() => succeed(callback, undefined));
  }

  private readonly onOnline = (): void => {
    if (this.isRegistered) {
      this.events.netAvailable.emit(netHandle());
    }
  };

  private readonly onOffline = (): void => this.events.netLost.emit(netHandle());

  private giveUp(): void {
    if (this.isRegistered && !isOnline()) {
      this.events.netUnavailable.emit();
    }
  }
}

function hasDefaultNet(callback: AsyncCallback<boolean>): void;
function hasDefaultNet(): Promise<boolean>;
function hasDefaultNet(callback?: AsyncCallback<boolean>): Promise<boolean> | void {
  return settle(Promise.resolve(isOnline()), callback);
}

function getDefaultNet(callback: AsyncCallback<connection.NetHandle>): void;
function getDefaultNet(): Promise<connection.NetHandle>;
function getDefaultNet(callback?: AsyncCallback<connection.NetHandle>): Promise<connection.NetHandle> | void {
  return settle(Promise.resolve(netHandle()), callback);
}

export default loud<typeof connection>('connection', {
  createNetConnection: (_netSpecifier?: connection.NetSpecifier, timeoutMs = 0) => new HostNetConnection(timeoutMs),
  hasDefaultNet,
  hasDefaultNetSync: isOnline,
  getDefaultNet,
  getDefaultNetSync: netHandle,
  NetCap: enumOf<typeof connection.NetCap>({
    NET_CAPABILITY_MMS: 0,
    NET_CAPABILITY_NOT_METERED: 11,
    NET_CAPABILITY_INTERNET: 12,
    NET_CAPABILITY_NOT_VPN: 15,
    NET_CAPABILITY_VALIDATED: 16,
    NET_CAPABILITY_PORTAL: 17,
    NET_CAPABILITY_CHECKING_CONNECTIVITY: 31,
  }),
  NetBearType: enumOf<typeof connection.NetBearType>({
    BEARER_CELLULAR: 0,
    BEARER_WIFI: 1,
    BEARER_BLUETOOTH: 2,
    BEARER_ETHERNET: 3,
    BEARER_VPN: 4,
  }),
});
