/** The files that the user chose, by the URI that the pickers gave for them. */
import { HostError } from '../../runtime/core/errors.js';

export interface Choice {
  /** As the `accept` attribute of a file input; empty for everything. */
  readonly accept: string;
  readonly maxCount: number;
}

type Chooser = (choice: Choice) => Promise<readonly File[]>;

const files = new Map<string, File>();
/** Names of files that the user let the app write, by URI; they are written once, when they are closed. */
const targets = new Map<string, string>();
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

/** URIs under `authority` for new files of these names. A browser asks nothing: its own settings say where files go. */
export function chooseTargets(authority: string, names: readonly string[]): string[] {
  return names.map((name) => {
    const uri = `file://${authority}/${++count}/${encodeURIComponent(name)}`;
    targets.set(uri, name);
    return uri;
  });
}

/** The name of a file that may be written; null for a URI that no picker gave for that. */
export function targetName(uri: string): string | null {
  return targets.get(uri) ?? null;
}

/** Hands a whole file over to the user: a download of the browser. From then on it can be read, too. */
export function deliver(uri: string, name: string, parts: readonly Uint8Array<ArrayBuffer>[]): void {
  const file = new File([...parts], name);
  targets.delete(uri);
  files.set(uri, file);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken the content over by its next task.
  setTimeout(() => URL.revokeObjectURL(link.href));
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
