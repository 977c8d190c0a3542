/**
 * Puts an error where nobody can miss it: above the page and in the log. A page that stays white explains nothing.
 */
export function showFailure(during: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
  console.error(`${during}: ${text}`);
  const screen = document.createElement('pre');
  screen.id = 'host-failure';
  screen.setAttribute('role', 'alert');
  screen.textContent = `${during}\n\n${text}`;
  Object.assign(screen.style, {
    position: 'fixed',
    inset: '0',
    zIndex: '2147483647',
    margin: '0',
    padding: '16px',
    overflow: 'auto',
    whiteSpace: 'pre-wrap',
    font: '13px/1.5 monospace',
    color: '#7a0010',
    background: '#fff4f4',
  });
  document.body.appendChild(screen);
}
