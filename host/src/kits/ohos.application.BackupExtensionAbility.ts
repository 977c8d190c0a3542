import type Declared from '@ohos.application.BackupExtensionAbility';

/** Loads, and is never called: the host makes no backups. */
class BackupExtensionAbility {
  onBackup(): void {}
  onRestore(..._args: Parameters<Declared['onRestore']>): void {}
}

const conforming: new () => Pick<Declared, 'onBackup' | 'onRestore'> = BackupExtensionAbility;

export default conforming as unknown as typeof Declared;
