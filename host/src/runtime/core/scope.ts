/**
 * Owns what must end together: effects, child scopes, listeners. `beforeDispose` hooks run from the outside in
 * (a device calls aboutToDisappear of the parent first), clean-ups from the inside out.
 */
export class Scope {
  private owner: Scope | null = null;
  private readonly children = new Set<Scope>();
  private readonly announcements: (() => void)[] = [];
  private readonly cleanups: (() => void)[] = [];
  private ended = false;

  get isDisposed(): boolean {
    return this.ended;
  }

  adopt(child: Scope): void {
    child.owner?.children.delete(child);
    child.owner = this;
    this.children.add(child);
  }

  beforeDispose(announce: () => void): void {
    this.announcements.push(announce);
  }

  onDispose(cleanup: () => void): void {
    this.cleanups.push(cleanup);
  }

  dispose(): void {
    if (this.ended) {
      return;
    }
    this.ended = true;
    this.owner?.children.delete(this);
    this.owner = null;
    for (const announce of this.announcements) {
      announce();
    }
    for (const child of [...this.children]) {
      child.dispose();
    }
    for (const cleanup of this.cleanups.reverse()) {
      cleanup();
    }
    this.cleanups.length = 0;
  }
}
