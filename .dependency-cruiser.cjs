/** The import rules of docs/architecture.md. A pure package may run in a browser: no node:*, no other layer. */
const pure = '^packages/(model|intel|engine|questions|protocol|api|telemetry)/src'
const allow = (name, to) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment: `packages/${name} may import only ${to.join(', ') || 'nothing'} (docs/architecture.md).`,
  from: { path: `^packages/${name}/src`, pathNot: '\\.test\\.ts$' },
  to: { path: '^packages/', pathNot: `^packages/(${[name, ...to].join('|')})/` },
})
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', comment: 'Break the cycle: move the shared part to its own file.', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'pure-packages',
      severity: 'error',
      comment: 'Pure packages take time, randomness, hashing and I/O as arguments.',
      from: { path: pure, pathNot: '\\.test\\.ts$|/src/testdata/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'testdata-in-tests-only',
      severity: 'error',
      comment: 'What tests share is no part of the product.',
      from: { path: '^packages/[^/]+/src', pathNot: '\\.test\\.ts$|/testdata/|^packages/testkit/' },
      to: { path: '/testdata/' },
    },
    allow('model', []),
    allow('intel', ['model']),
    allow('engine', ['model']),
    allow('questions', ['model', 'engine']),
    allow('protocol', ['model', 'questions']),
    allow('api', ['model', 'questions']),
    allow('telemetry', ['model']),
    allow('agent', ['model', 'engine', 'questions', 'protocol', 'telemetry']),
    allow('server', ['model', 'intel', 'engine', 'questions', 'protocol', 'api']),
    allow('workbench', ['model', 'intel', 'engine', 'questions', 'api']),
    allow('cli', ['model', 'intel', 'engine', 'questions', 'protocol', 'api', 'telemetry']),
    {
      name: 'server-features-by-their-door',
      severity: 'error',
      comment: "Enter a feature through its index.ts.",
      from: { path: '^packages/server/src/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/server/src/([^/]+)/', pathNot: ['^packages/server/src/$1/', '/index\\.ts$', '^packages/server/src/(http|storage|keys|settings)/'] },
    },
    {
      name: 'no-koffi-but-native',
      severity: 'error',
      comment: 'Native calls go through agent/src/native.ts, so that a single-file build can replace it.',
      from: { path: '^packages/agent/src', pathNot: '^packages/agent/src/native' },
      to: { path: 'node_modules/koffi' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'], extensions: ['.ts', '.js', '.json'] },
  },
}
