/** Writes `build/types`: declarations of the ArkTS modules for Node sources that use them through host/src/node. */
import { writeDeclarations } from '../node/declarations.js';

writeDeclarations();
