/** Where the preview's build puts sql.js, relative to the page. */
export const SQLITE_FOLDER = 'sqlite';
export const SQLITE_FILES = { script: 'sql-wasm-browser.js', wasm: 'sql-wasm-browser.wasm' } as const;
