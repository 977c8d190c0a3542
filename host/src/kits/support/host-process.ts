/** Who the running app is, as far as the kits must know. `boot` sets it before any code of the app runs. */
export interface HostProcess {
  bundleName: string;
  versionCode: number;
  versionName: string;
  /** Separates what several phones on one page persist. */
  profile: string;
  /** `applicationInfo.debug`: a build from DevEco's Run button is one. */
  isDebug: boolean;
}

export const hostProcess: HostProcess = {
  bundleName: 'host.test',
  versionCode: 0,
  versionName: '0',
  profile: 'default',
  isDebug: true,
};
