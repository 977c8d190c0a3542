import { readSettings, SettingError, type Settings } from '../settings';
import { type Call, type Command, JSON_OPTION } from './command';
import type { DoctorCheck, Finding, Patient } from './doctor-check';
import { DOCTOR_CHECKS } from './doctor-checks';
import { table } from './help';

async function findingOf(check: DoctorCheck, patient: Patient): Promise<Finding> {
  try {
    return { check: check.name, ...(await check.look(patient)) };
  } catch (error) {
    const found = `could not be looked at: ${(error as Error).message}`;
    return { check: check.name, status: 'fail', found, mend: 'Run the doctor as the user of the server.' };
  }
}

async function findingsOf({ terminal: { env }, clock }: Call): Promise<Finding[]> {
  let settings: Settings;
  try {
    settings = readSettings(env);
  } catch (error) {
    if (error instanceof SettingError) {
      return [
        { check: 'settings', status: 'fail', found: error.message, mend: 'Set it right; see docs/OPERATIONS.md.' },
      ];
    }
    throw error;
  }
  const findings: Finding[] = [{ check: 'settings', status: 'ok', found: 'all of them can be read', mend: '' }];
  for (const check of DOCTOR_CHECKS) {
    findings.push(await findingOf(check, { settings, env, clock }));
  }
  return findings;
}

export const doctor: Command = {
  words: ['doctor'],
  operands: [],
  options: JSON_OPTION,
  summary: 'whether a server can run here: settings, folder, secret, database, Redis, disk, clock',
  notes: 'Changes nothing, and may be run beside a server. Exit code 1 where anything failed; warnings do not count.',
  async run(call) {
    const findings = await findingsOf(call);
    if (call.flags.has('json')) {
      findings.forEach((finding) => call.terminal.print(`${JSON.stringify(finding)}\n`));
    } else {
      call.terminal.print(
        table(
          findings.map(({ status, check, found, mend }) => [
            status,
            check,
            [found, mend].join(mend === '' ? '' : '. '),
          ]),
        ),
      );
    }
    return findings.some(({ status }) => status === 'fail') ? 1 : 0;
  },
};
