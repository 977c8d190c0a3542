export * from '../../../src/runtime/core/index.js';
export * from '../../../src/runtime/components/index.js';
export { __el, mountView, type ComponentClass } from '../../../src/runtime/core/tree.js';
