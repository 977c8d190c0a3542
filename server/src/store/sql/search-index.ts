import type { Script } from './script';

/** A message that may be a hit. */
export interface FoundMessage {
  readonly row_no: number;
  readonly room_id: string;
  readonly seq: number;
}

export interface IndexedMessage {
  readonly roomId: string;
  readonly seq: number;
  readonly text: string;
}

/**
 * Which messages hold which words: any script without word lists, and parts of words. Words of one or two characters need not be
 * in it: for them the caller looks at the texts.
 */
export interface SearchIndex {
  /** In the transaction that writes the messages. They are found at the latest by the next search. */
  add(messages: readonly IndexedMessage[]): Script<void>;
  /** Of one room, below `seq`; in the transaction that deletes the messages. */
  removeBelow(roomId: string, seq: number): Script<void>;
  /**
   * Messages of the user's rooms below `beforeRowNo` that hold the folded `words`, the newest first. Short words may be left
   * out of the question.
   */
  candidates(userId: string, words: readonly string[], beforeRowNo: number, limit: number): Script<FoundMessage[]>;
}
