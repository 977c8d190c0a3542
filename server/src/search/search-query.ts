import type { TextRange } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { MAX_HIT_RANGES } from '../../../common/core/src/main/ets/wire/Limits';
import { fold, foldWithPlaces, type FoldedText } from './fold';

function placesOf(word: string, { folded, starts, ends }: FoldedText): TextRange[] {
  const places: TextRange[] = [];
  for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
    places.push({ start: starts[at] ?? 0, end: ends[at + word.length - 1] ?? 0 });
  }
  return places;
}

/** Ascending, with those that overlap or touch made one. */
function merged(places: TextRange[]): TextRange[] {
  const result: TextRange[] = [];
  for (const place of [...places].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = result.at(-1);
    if (last !== undefined && place.start <= last.end) {
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, place.end) };
    } else {
      result.push(place);
    }
  }
  return result;
}

/** What someone searches for: words that a message must all hold, anywhere and as parts of longer words too. */
export class SearchQuery {
  /** Folded, each once; none where there was only white space. */
  readonly words: readonly string[];

  constructor(text: string) {
    this.words = [...new Set(text.split(/\s+/).map(fold))].filter((word) => word !== '');
  }

  /** Where the words are in `text`; null where one is missing. */
  placesIn(text: string): TextRange[] | null {
    const plain = fold(text);
    if (!this.words.every((word) => plain.includes(word))) {
      return null;
    }
    const folded = foldWithPlaces(text);
    return merged(this.words.flatMap((word) => placesOf(word, folded))).slice(0, MAX_HIT_RANGES);
  }
}
