import type { LoadedProgram } from '@tocsin/engine'
import { type Capability, type Content, type Digest, visit } from '@tocsin/model'

export type EngineName = Capability['yara'][number]['engine']

/** What a trial showed of one engine here. */
export interface EngineHere {
  readonly engine: EngineName
  /** Nothing: it runs here. */
  readonly why: string | null
  /** YARA modules that were compiled here. */
  readonly modules: readonly string[]
  /** It searches the memory of processes. */
  readonly memory: boolean
}

/** In the order in which they are preferred. */
export type ContentEngines = readonly EngineHere[]

export const engineNames: Readonly<Record<EngineName, string>> = { libyara: 'libyara', 'yara-x': 'YARA-X' }

export function withoutEngines(why: string): ContentEngines {
  return [{ engine: 'yara-x', why, modules: [], memory: false }]
}

export type Place = 'file' | 'memory'

/** The engine that runs a text in files or in memory here, and the one that runs it where the first refuses it. */
export function enginesFor(content: Content, engines: ContentEngines, place: Place): readonly EngineName[] {
  if (content.of !== place && content.of !== 'either') return []
  return engines
    .filter((each) => whyUnfit({ ...content, of: place }, each) === null)
    .map(({ engine }) => engine)
}

/** Texts of rules that no engine here runs. */
export function unrunTexts(programs: readonly LoadedProgram[], engines: ContentEngines): ReadonlySet<Digest> {
  const contents = programs.flatMap(allContents)
  return new Set(contents.filter((each) => whyUnrun(each, engines) !== null).map(({ source }) => source))
}

/** Programs that ask for content only, none of which runs here, with the reason. */
export function unrunPrograms(programs: readonly LoadedProgram[], engines: ContentEngines) {
  return programs.flatMap((loaded) => {
    const contents = contentsOf(loaded)
    const reasons = contents.map((each) => whyUnrun(each, engines))
    const [first] = reasons
    const isLost = contents.length === loaded.leaves.length && !reasons.includes(null)
    if (!isLost || first === undefined || first === null) return []
    return [{ program: loaded.digest, code: 'engine.missing', message: first.slice(0, 900) }]
  })
}

/** Those inside of other conditions too. */
export function allContents({ program }: LoadedProgram): readonly Content[] {
  const contents: Content[] = []
  visit(program.condition, (node) => {
    if (node.kind === 'content') contents.push(node)
  })
  return contents
}

function contentsOf({ leaves }: LoadedProgram): readonly Content[] {
  return leaves.flatMap(({ leaf }) => (leaf.kind === 'content' ? [leaf] : []))
}

function whyUnrun(content: Content, engines: ContentEngines): string | null {
  const reasons = engines.map((each) => whyUnfit(content, each))
  if (reasons.includes(null)) return null
  const wanted = engines.filter(({ engine }) => content.engines.includes(engine))
  const told = wanted.length > 0 ? wanted : engines
  return [...new Set(told.map((each) => whyUnfit(content, each)))].join('; ')
}

function whyUnfit({ engines, modules, of }: Content, { engine, ...here }: EngineHere): string | null {
  const name = engineNames[engine]
  if (!engines.includes(engine))
    return `the rules need ${engines.map((each) => engineNames[each]).join(' or ')}`
  if (here.why !== null) return `${name} does not run here: ${here.why}`
  const missing = modules.filter((each) => !here.modules.includes(each))
  if (missing.length > 0) return `the ${name} of this endpoint lacks ${missing.join(', ')}`
  return of === 'memory' && !here.memory ? `${name} searches no memory here` : null
}
