/** How names of users and rooms are compared: without case, and without regard to how Unicode composes a letter. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().normalize('NFKC');
}
