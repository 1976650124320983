import { ContentScanner } from './content/content-scanner.ts'
import { Quarantine } from './content/quarantine.ts'

const modules: readonly string[] = [
  ...['console', 'crx', 'cuckoo', 'dex', 'dotnet', 'elf', 'hash', 'lnk', 'macho', 'magic', 'math', 'pe'],
  ...['string', 'time', 'vt'],
]

/** Starts the content child once and compiles one rule with each module: what works is what this endpoint can do. */
export async function tryContent(): Promise<{
  readonly why: string | null
  readonly modules: readonly string[]
}> {
  const refused = new Set<string>()
  const quarantine = new Quarantine([], ({ source }) => refused.add(source))
  const sources = modules.map((name) => ({
    digest: name,
    text: `import "${name}" rule trial { condition: false }`,
  }))
  const scanner = new ContentScanner(sources, quarantine)
  try {
    await scanner.start()
    return { why: null, modules: modules.filter((name) => !refused.has(name)) }
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error), modules: [] }
  } finally {
    scanner.close()
  }
}
