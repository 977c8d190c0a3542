import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UnsaidNotices } from '../../src/bus/unsaid-notices';

describe('what could not be told', () => {
  test('is the newest head of each room, of its newest epoch; typing is forgotten', () => {
    const unsaid = new UnsaidNotices();
    unsaid.keepRoom('r_1', { kind: 'head', epoch: 'e_1', seq: 7 });
    unsaid.keepRoom('r_1', { kind: 'head', epoch: 'e_1', seq: 5 });
    unsaid.keepRoom('r_2', { kind: 'head', epoch: 'e_1', seq: 7 });
    unsaid.keepRoom('r_2', { kind: 'head', epoch: 'e_2', seq: 1 });
    unsaid.keepRoom('r_3', { kind: 'typing', userId: 'u_1', isTyping: true });
    assert.deepEqual(unsaid.take(), {
      rooms: [
        ['r_1', { kind: 'head', epoch: 'e_1', seq: 7 }],
        ['r_2', { kind: 'head', epoch: 'e_2', seq: 1 }],
      ],
      notices: [],
    });
  });

  test('is bounded; that there was more is told once', () => {
    const unsaid = new UnsaidNotices();
    for (let i = 0; i <= 1000; i++) {
      unsaid.keepRoom(`r_${i}`, { kind: 'head', epoch: 'e_1', seq: 1 });
      unsaid.keep({ kind: 'session-ended', sessionId: `s_${i}` });
    }
    unsaid.keepRoom('r_0', { kind: 'head', epoch: 'e_1', seq: 9 });
    const { rooms, notices } = unsaid.take();
    assert.deepEqual([rooms.length, notices.length, notices.at(-1)], [1000, 1001, { kind: 'missed' }]);
    assert.deepEqual(rooms[0]?.[1], { kind: 'head', epoch: 'e_1', seq: 9 }, 'a room that is kept still moves on');
    assert.deepEqual(unsaid.take(), { rooms: [], notices: [] });
  });
});
