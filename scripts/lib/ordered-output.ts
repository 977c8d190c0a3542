interface Part {
  held: string;
  hasEnded: boolean;
}

/** What one of several at once prints. */
export interface PartOutput {
  print(text: string): void;
  /** Nothing is printed after it. */
  end(): void;
}

/** Of several that run at once each prints as if it were alone, in the order in which they began: mixed lines would tell nothing. */
export class OrderedOutput {
  private readonly parts: Part[] = [];

  constructor(private readonly write: (text: string) => void) {}

  /** The first that has not ended is shown as it comes; the others are held until it is their turn. */
  begin(): PartOutput {
    const part: Part = { held: '', hasEnded: false };
    this.parts.push(part);
    return {
      print: (text) => {
        part.held += text;
        this.show();
      },
      end: () => {
        part.hasEnded = true;
        this.show();
      },
    };
  }

  private show(): void {
    for (let first = this.parts[0]; first !== undefined; first = this.parts[0]) {
      this.write(first.held);
      first.held = '';
      if (!first.hasEnded) {
        return;
      }
      this.parts.shift();
    }
  }
}
