/** The files that the user chose, by the URI that the pickers gave for them. */
import { HostError } from '../../runtime/core/errors.js';

export interface Choice {
  /** As the `accept` attribute of a file input; empty for everything. */
  readonly accept: string;
  readonly maxCount: number;
}

type Chooser = (choice: Choice) => Promise<readonly File[]>;

const files = new Map<string, File>();
let chooser: Chooser = chooseInBrowser;
let count = 0;

/** For Node, which has nobody who could choose. */
export function setChooser(next: Chooser): void {
  chooser = next;
}

/** URIs of what the user chose, under `authority`; empty where they changed their mind. */
export async function choose(authority: string, choice: Choice): Promise<string[]> {
  const chosen = await chooser(choice);
  return chosen.slice(0, choice.maxCount).map((file) => {
    const uri = `file://${authority}/${++count}/${encodeURIComponent(file.name)}`;
    files.set(uri, file);
    return uri;
  });
}

/** Null for a URI that no picker gave. */
export function pickedFile(uri: string): File | null {
  return files.get(uri) ?? null;
}

function chooseInBrowser({ accept, maxCount }: Choice): Promise<readonly File[]> {
  if (typeof document === 'undefined') {
    return Promise.reject(new HostError('a file picker needs a browser; in Node set who chooses with setChooser'));
  }
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.multiple = maxCount > 1;
  return new Promise((done) => {
    input.addEventListener('change', () => done([...(input.files ?? [])]));
    input.addEventListener('cancel', () => done([]));
    input.click();
  });
}
