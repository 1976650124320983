import { ContentScanner } from './content/content-scanner.ts'
import { Quarantine } from './content/quarantine.ts'
import type { ContentEngines, EngineHere, EngineName } from './engines.ts'

const modules: readonly string[] = [
  ...['console', 'crx', 'cuckoo', 'dex', 'dotnet', 'elf', 'hash', 'lnk', 'macho', 'magic', 'math', 'pe'],
  ...['string', 'time', 'vt'],
]

/** Starts each engine's child once and compiles one rule with each module: what works is what this endpoint can do. */
export async function tryContent(): Promise<ContentEngines> {
  return [await tryEngine('libyara'), await tryEngine('yara-x')]
}

async function tryEngine(engine: EngineName): Promise<EngineHere> {
  const refused = new Set<string>()
  const quarantine = new Quarantine([], ({ source }) => refused.add(source))
  const sources = modules.map((name) => ({
    digest: name,
    text: `import "${name}" rule trial { condition: false }`,
  }))
  const scanner = new ContentScanner(sources, { quarantine, engine })
  try {
    await scanner.start()
    const known = modules.filter((name) => !refused.has(name))
    const memory = engine === 'libyara' && isRoot && (await findsInMemory())
    return { engine, why: null, modules: known, memory }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { engine, why, modules: [], memory: false }
  } finally {
    scanner.close()
  }
}

/** Others' memory is root's to read. */
const isRoot = process.getuid?.() === 0

/** Two blocks at their addresses: what is known of them must be found, and nothing else. */
async function findsInMemory(): Promise<boolean> {
  const text = `rule both { strings: $a = "first" $b = "other" condition: $a at 0x1002 and $b at 0x5000 and not defined filesize }
rule over { strings: $a = "firstother" condition: $a }`
  const scanner = new ContentScanner([{ digest: 'trial', text }], {
    quarantine: new Quarantine([], () => undefined),
    engine: 'libyara',
  })
  const bytes = Buffer.from('..firstother..')
  const externals = { filename: '', filepath: '', extension: '', filetype: '', owner: '', new: false }
  const blocks = [
    { base: 0x1000, at: 0, size: 7 },
    { base: 0x5000, at: 7, size: 7 },
  ]
  try {
    const { matches } = await scanner.scan({
      ...{ size: bytes.length, externals, blocks },
      give: async (take, into) => {
        into?.set(bytes)
        await take(into ?? bytes)
      },
    })
    const found = matches.map(({ rule, offsets }) => [rule, ...offsets.map(({ offset }) => offset)])
    return JSON.stringify(found) === JSON.stringify([['both', 0x1002, 0x5000]])
  } catch {
    return false
  } finally {
    scanner.close()
  }
}
