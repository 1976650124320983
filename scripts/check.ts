import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name: string) => `${root}node_modules/.bin/${name}`

/** Everything that must hold besides the tests; each line names what failed. */
const checks: readonly (readonly [name: string, run: () => boolean])[] = [
  ['types', () => succeeds(process.execPath, [`${root}node_modules/typescript7/bin/tsc`, '-p', root])],
  ['style', () => succeeds(bin('biome'), ['check', '--error-on-warnings', '.'])],
  ['import rules', importRulesHold],
  ['generated docs', () => succeeds(process.execPath, [`${root}scripts/gen.ts`, '--check'])],
]

const failed = checks.filter(([name, run]) => {
  const good = run()
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name}`)
  return !good
})
process.exit(failed.length === 0 ? 0 : 1)

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0
}

/** Fails too if nothing was looked at: with the wrong TypeScript dependency-cruiser silently sees no modules. */
function importRulesHold(): boolean {
  const cruised = spawnSync(
    bin('depcruise'),
    [
      'packages',
      '--include-only',
      '^packages/[^/]+/src',
      '--output-type',
      'json',
      '--config',
      '.dependency-cruiser.cjs',
    ],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  const { modules, summary } = JSON.parse(cruised.stdout) as {
    modules: readonly unknown[]
    summary: { violations: readonly { rule: { name: string }; from: string; to: string }[] }
  }
  for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`)
  return modules.length > 0 && summary.violations.length === 0
}
