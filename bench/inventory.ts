import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Inventory } from '../packages/agent/src/inventory/index.ts'

const nothing = { info: () => undefined, warn: console.warn }
const inFolder = 1_000

/** `npm run bench -- inventory [FILES]`: filling without a budget, what it takes, and how long look-ups take. */
export async function bench([filesText = '1000000']: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'))
  const [root, stateDir] = [join(folder, 'files'), join(folder, 'state')]
  mkdirSync(stateDir)
  const files = Number(filesText)
  const options = { stateDir, exclude: [], cores: 1e3, log: nothing, roots: [root] }
  try {
    makeFiles(root, files)
    const first = new Inventory(options)
    await measured('first walk', files, () => walked(first, files))
    await measured('hashing', files, () => hashed(first))
    console.log(`  disk: ${mebibytes(stateDir)} MiB, of which the log ${mebibytes(stateDir, '-wal')} MiB`)
    await lookUps(first, files)
    await first.close()
    const second = new Inventory(options)
    await measured('walk over what is known', files, () => walked(second, files))
    await second.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function makeFiles(root: string, count: number): void {
  for (let at = 0; at < count; at += 1) {
    const folder = join(root, `folder-${Math.floor(at / inFolder)}`)
    if (at % inFolder === 0) mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, nameOf(at)), String(at))
  }
}

/** A third of the names are in each folder the same, as on a machine. */
function nameOf(at: number): string {
  return at % 3 === 0 ? `index-${at % inFolder}.js` : `some-file-${at.toString(36)}.dat`
}

async function walked(inventory: Inventory, files: number): Promise<void> {
  inventory.start()
  while (!inventory.counts.isWalked || inventory.counts.files < files) await pause(100)
}

async function hashed(inventory: Inventory): Promise<void> {
  const none = '0'.repeat(32)
  while (!(await inventory.filesWithHash('md5', none, 1)).complete) await pause(100)
}

async function measured(what: string, files: number, work: () => Promise<void>): Promise<void> {
  const [before, started] = [process.cpuUsage(), performance.now()]
  await work()
  const seconds = (performance.now() - started) / 1_000
  const { user, system } = process.cpuUsage(before)
  const perFile = ((user + system) / files).toFixed(1)
  const rss = Math.round(process.memoryUsage.rss() / 2 ** 20)
  const rate = Math.round(files / seconds)
  console.log(
    `  ${what}: ${rate} files a second, ${perFile} µs of CPU a file (the process then has ${rss} MiB)`,
  )
}

function mebibytes(stateDir: string, end?: '-wal'): number {
  const sizes = (end === undefined ? ['', '-wal'] : [end]).map((each) => {
    const file = join(stateDir, `inventory.db${each}`)
    return existsSync(file) ? statSync(file).size : 0
  })
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20)
}

async function lookUps(inventory: Inventory, files: number): Promise<void> {
  const at = Math.floor(files / 2)
  const hash = (kind: string) => createHash(kind).update(String(at)).digest('hex')
  const none = createHash('sha256').update('none').digest('hex')
  await timed('a SHA-256 that is there', () => inventory.filesWithHash('sha256', hash('sha256'), 100))
  await timed('an MD5 that is there', () => inventory.filesWithHash('md5', hash('md5'), 100))
  await timed('a SHA-256 that is nowhere', () => inventory.filesWithHash('sha256', none, 100))
  for (const glob of [
    nameOf(at),
    'some-file-9z*',
    '*9zz*',
    '*.exe',
    '*ome-file-9z*.dat',
    'index-3.js',
    '????',
  ])
    await timed(glob, () => inventory.filesWithName(glob, 100))
}

/** The median of eleven, and the longest. */
async function timed(
  what: string,
  ask: () => Promise<{ readonly files: readonly unknown[] }>,
): Promise<void> {
  const times: number[] = []
  let found = 0
  for (let count = 0; count < 11; count += 1) {
    const started = performance.now()
    found = (await ask()).files.length
    times.push(performance.now() - started)
  }
  const sorted = times.toSorted((one, other) => one - other)
  const [median = 0, longest = 0] = [sorted[5], sorted[10]]
  console.log(`  ${what}: ${found} files, ${median.toFixed(1)} ms, at most ${longest.toFixed(1)} ms`)
}
