import type { Clock } from '../ports/clock';
import type { Environment, Settings } from '../settings';

export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  /** What was found. */
  readonly found: string;
  /** What to do about it; empty where all is well. */
  readonly mend: string;
}

export interface Patient {
  readonly settings: Settings;
  readonly env: Environment;
  readonly clock: Clock;
}

/** Looks at one thing and changes nothing. Throws where it cannot even look. */
export interface DoctorCheck {
  readonly name: string;
  look(patient: Patient): Promise<Omit<Finding, 'check'>> | Omit<Finding, 'check'>;
}

export function ok(found: string): Omit<Finding, 'check'> {
  return { status: 'ok', found, mend: '' };
}

export function warn(found: string, mend: string): Omit<Finding, 'check'> {
  return { status: 'warn', found, mend };
}

export function fail(found: string, mend: string): Omit<Finding, 'check'> {
  return { status: 'fail', found, mend };
}
