import { type Audit, AUDIT_TO_STDOUT, NO_AUDIT } from '../audit/audit';
import { openAuditLog } from '../audit/audit-log';
import type { Settings } from '../settings';
import type { Call } from './command';

const STDERR = 2;

/**
 * Runs a command that takes note of what it does where the server does: lines are only added, so both may write. What stands for stdout is stderr
 * here, because the answer of the command is on stdout. Throws `SettingError` before anything is done where it cannot be opened.
 */
export async function audited<T>(
  { terminal, clock }: Call,
  { auditLog }: Settings,
  work: (audit: Audit) => Promise<T>,
): Promise<T> {
  if (auditLog === null) {
    return work(NO_AUDIT);
  }
  const complain = (error: Error): void => terminal.note(`AUDIT_LOG: ${error.message}\n`);
  const audit = openAuditLog(auditLog, clock, complain, STDERR);
  try {
    return await work(audit);
  } finally {
    if (auditLog !== AUDIT_TO_STDOUT) {
      audit.close();
    }
  }
}
