/** One thing that keeps the build from passing. */
export interface Fault {
  /** Path from the project's root, with forward slashes. */
  file: string;
  /** From 1; 0 when the file as a whole is meant. */
  line: number;
  column: number;
  text: string;
}

function formatFault(fault: Fault): string {
  return fault.line > 0 ? `${fault.file}:${fault.line}:${fault.column} ${fault.text}` : `${fault.file} ${fault.text}`;
}

export class BuildError extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(formatFault).join('\n'));
    this.name = 'BuildError';
  }

  /** One line for each fault: `file:line:column text`. */
  get lines(): string[] {
    return this.faults.map(formatFault);
  }
}
