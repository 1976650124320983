#!/usr/bin/env node
// The command line of a clone, on any Node ≥ 18:  bin/tocsin.mjs alerts --follow
process.argv.splice(2, 0, 'packages/cli/src/main.ts')
await import('../scripts/run.mjs')
