import type { LogCommand, LogOutcome } from '../../src/store/store';

export function create(roomId: string, name: string, userId = 'u_ann'): LogCommand {
  return { kind: 'create', roomId, name, nameKey: name.toLowerCase(), epoch: `e_${roomId}`, userId, atMs: 1 };
}

export function message(roomId: string, userId: string, clientId: string, text = 'Hi', atMs = 2): LogCommand {
  return { kind: 'message', roomId, userId, clientId, text, atMs };
}

export function summary(outcome: LogOutcome | undefined): string {
  if (outcome === undefined || outcome.status === 'refused') {
    return outcome?.code ?? 'nothing';
  }
  return `${outcome.status} ${outcome.event?.kind ?? '-'} ${outcome.event?.seq ?? '-'}`;
}
