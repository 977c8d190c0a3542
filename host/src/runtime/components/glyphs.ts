/** Icons of the system itself (back, close, eye, tick), drawn for the preview with one stroke width. */
function icon(paths: string): string {
  return (
    `<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.5" ` +
    `stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`
  );
}

export const backIcon = icon('<path d="M10.5 5.5 4 12l6.5 6.5M4.5 12H20"/>');
export const closeIcon = icon('<path d="m6 6 12 12M18 6 6 18"/>');
export const eyeIcon = icon(
  '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z"/><circle cx="12" cy="12" r="3"/>',
);
export const eyeOffIcon = icon(
  '<path d="M3 9.5c2.2 3 5.3 4.5 9 4.5s6.8-1.5 9-4.5M6 13l-1.8 2.6M18 13l1.8 2.6M10 14.2 9.500 17.500M14 14.2l.5 3.300"/>',
);
