import type { LoadedProgram } from '@tocsin/engine'
import type { Content, Digest } from '@tocsin/model'

/** What a trial showed about content here. */
export interface ContentEngine {
  /** Nothing: content is searched here. */
  readonly why: string | null
  /** YARA modules that were compiled here. */
  readonly modules: readonly string[]
}

/** Texts of rules that no engine here runs. */
export function unrunTexts(programs: readonly LoadedProgram[], engine: ContentEngine): ReadonlySet<Digest> {
  const contents = programs.flatMap(contentsOf)
  return new Set(contents.filter((each) => whyUnrun(each, engine) !== null).map(({ source }) => source))
}

/** Programs that ask for content only, none of which runs here, with the reason. */
export function unrunPrograms(programs: readonly LoadedProgram[], engine: ContentEngine) {
  return programs.flatMap((loaded) => {
    const contents = contentsOf(loaded)
    const reasons = contents.map((each) => whyUnrun(each, engine))
    const [first] = reasons
    const isLost = contents.length === loaded.leaves.length && !reasons.includes(null)
    if (!isLost || first === undefined || first === null) return []
    return [{ program: loaded.digest, code: 'engine.missing', message: first.slice(0, 900) }]
  })
}

function contentsOf({ leaves }: LoadedProgram): readonly Content[] {
  return leaves.flatMap(({ leaf }) => (leaf.kind === 'content' ? [leaf] : []))
}

// Limit: endpoints have YARA-X and no libyara; rules in syntax that only libyara takes are refused there.
function whyUnrun({ engines, modules }: Content, { why, modules: known }: ContentEngine): string | null {
  if (why !== null) return `content is not searched here: ${why}`
  if (!engines.includes('yara-x'))
    return `the rules need ${engines.join(' or ')}, and this endpoint has YARA-X`
  const missing = modules.filter((name) => !known.includes(name))
  return missing.length === 0 ? null : `the YARA-X of this endpoint lacks ${missing.join(', ')}`
}
