import type { YaraVerdict } from '../../document.ts'
import type { YaraCode } from './codes.ts'
import type { YaraOutline } from './scan-rules.ts'

type Engine = 'libyara' | 'yara-x'

interface Remark {
  readonly code: YaraCode
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly from: number
  readonly to: number
  readonly hint?: string
}

export interface EngineNeeds {
  readonly engines: readonly Engine[]
  readonly diagnostics: readonly Remark[]
}

/** YARA-X's codes for what YARA 4 lets pass: its looser regular expressions, and negative numbers of matches. */
const yara4Syntax = ['E007', 'E014']
const unknownModule = 'E010'
const unknownIdentifier = 'E009'

/** Modules of the distributions' libyara that YARA-X lacks, and the reverse. */
const onlyLibyara = ['magic']
const onlyYaraX = ['string', 'lnk', 'crx', 'vt', 'zip']

/** Which engines can run the rules, and what is to be said about them. */
export function engineNeeds({ imports }: YaraOutline, { accepted, problems }: YaraVerdict): EngineNeeds {
  const modules = imports.map(({ name }) => name)
  const errors = problems.filter(({ severity }) => severity === 'error')
  const warnings = problems
    .filter(({ severity }) => severity === 'warning')
    .map((each) => remarkOf(each, 'warning'))
  if (accepted) {
    const engines: readonly Engine[] = modules.some((name) => onlyYaraX.includes(name))
      ? ['yara-x']
      : ['libyara', 'yara-x']
    return { engines, diagnostics: warnings }
  }
  const isForgiven = (problem: (typeof errors)[number]) =>
    yara4Syntax.includes(problem.code) || speaksOfOldModule(problem, modules)
  if (!errors.every(isForgiven)) {
    return { engines: [], diagnostics: [...errors.map((each) => remarkOf(each, 'error')), ...warnings] }
  }
  const needsLibyara = errors.map((each): Remark => {
    const message = `YARA-X refuses this, libyara may not: ${each.message} (${each.code})`
    const hint = 'endpoints with libyara try it before it is activated; the others cannot run it'
    return { code: 'YAR006', severity: 'warning', message, hint, from: each.from, to: each.to }
  })
  return { engines: ['libyara'], diagnostics: [...needsLibyara, ...warnings] }
}

/** An unknown module makes its name an unknown identifier too. */
function speaksOfOldModule(problem: YaraVerdict['problems'][number], modules: readonly string[]): boolean {
  if (problem.code !== unknownModule && problem.code !== unknownIdentifier) return false
  return onlyLibyara.some((name) => modules.includes(name) && problem.message.includes(`\`${name}\``))
}

function remarkOf(problem: YaraVerdict['problems'][number], severity: 'error' | 'warning'): Remark {
  const { code, message, from, to } = problem
  const own = severity === 'error' ? 'YAR003' : 'YAR004'
  return { code: own, severity, message: code === '' ? message : `${message} (${code})`, from, to }
}
