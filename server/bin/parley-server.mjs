#!/usr/bin/env node
// The sources are TypeScript: tsx reads them as they are, so what runs is what was reviewed.
import { register } from 'tsx/esm/api';

register();
await import('../src/cli/main.ts');
