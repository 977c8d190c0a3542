/** A text as it is compared, and which units of the original each of its units comes from. */
export interface FoldedText {
  readonly folded: string;
  /** For unit i of `folded`: the first unit of its character in the original, and the one after its last. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** A character with the marks that belong to it. */
const CHARACTERS = /\P{M}\p{M}*|\p{M}+/gu;
/** The accents of Latin, Greek and Cyrillic; not the one that makes й another letter than и. Thai vowels are none of them. */
const ACCENTS = /(?<!и)\u0306|[\u0300-\u0305\u0307-\u036f]/g;
const ASCII_ONLY = /^\p{ASCII}*$/u;

/**
 * `text` without the differences that people do not mean: case, accents, width, ligatures. Upper case first: that brings ß to
 * ss. A final sigma is the one letter whose lower case depends on what stands beside it.
 */
export function fold(text: string): string {
  if (ASCII_ONLY.test(text)) {
    return text.toLowerCase();
  }
  const lower = text.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD');
  return lower.replace(ACCENTS, '').replaceAll('ς', 'σ');
}

/** The same as `fold`, one character after the other. */
export function foldWithPlaces(text: string): FoldedText {
  const known = new Map<string, string>();
  const pieces: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (const match of text.matchAll(CHARACTERS)) {
    const [character] = match;
    const piece = known.get(character) ?? fold(character);
    known.set(character, piece);
    pieces.push(piece);
    for (let unit = 0; unit < piece.length; unit++) {
      starts.push(match.index);
      ends.push(match.index + character.length);
    }
  }
  return { folded: pieces.join(''), starts, ends };
}
