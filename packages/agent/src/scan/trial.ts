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
    return { engine, why: null, modules: known, memory: false }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { engine, why, modules: [], memory: false }
  } finally {
    scanner.close()
  }
}
