/** Runs one benchmark by name: `npm run bench -- latency`. Without a name it lists them. */
import { readdir } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'

const names = (await readdir(new URL('.', import.meta.url)))
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -3))
  .sort()

const [name, ...args] = process.argv.slice(2)
if (name === undefined || !names.includes(name)) {
  console.error(`npm run bench -- NAME, one of: ${names.join(', ')}`)
  process.exit(2)
}
console.log(
  `${name} on ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
)
const { bench } = (await import(`./${name}.ts`)) as { bench: (args: readonly string[]) => Promise<void> }
await bench(args)
