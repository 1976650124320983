import { yaraExternals } from '@tocsin/model'
import type { YaraValidator, YaraVerdict } from '../../document.ts'

/** What is used of the module `@virustotal/yara-x`, which the caller loads. */
export interface YaraX {
  readonly Compiler: new () => {
    addSource(source: string): void
    defineGlobal(identifier: string, value: string | boolean): void
    readonly errors: readonly string[]
    readonly warnings: readonly string[]
    free(): void
  }
}

const most = 200

/** The official YARA-X as our validator. */
export function yaraValidatorOf({ Compiler }: YaraX): YaraValidator {
  return {
    validate(source) {
      const compiler = new Compiler()
      try {
        for (const [name, value] of Object.entries(yaraExternals)) compiler.defineGlobal(name, value)
        return verdictOf(source, compiler)
      } finally {
        compiler.free()
      }
    },
  }
}

function verdictOf(source: string, compiler: InstanceType<YaraX['Compiler']>): YaraVerdict {
  let refusal: string | undefined
  try {
    compiler.addSource(source)
  } catch (error) {
    refusal = error instanceof Error ? error.message : String(error)
  }
  const starts = lineStarts(source)
  const errors = compiler.errors.slice(0, most).map((report) => problemOf('error', report, starts))
  const warnings = compiler.warnings.slice(0, most).map((report) => problemOf('warning', report, starts))
  if (refusal !== undefined && errors.length === 0) errors.push(problemOf('error', refusal, starts))
  return { accepted: errors.length === 0, problems: [...errors, ...warnings] }
}

type Problem = YaraVerdict['problems'][number]

/** Reads a report such as `error[E014]: title`, `--> line:1:26`, `| ^^^ label`, `= note: …`. */
function problemOf(severity: Problem['severity'], report: string, starts: readonly number[]): Problem {
  const head = /(?:error|warning)\[([^\]]*)\]: (.*)/.exec(report)
  const place = /--> line:(\d+):(\d+)/.exec(report)
  const label = /^\s*\|\s*([\^-]+)\s?(.*)$/m.exec(report)
  const note = /= note: (.*)/.exec(report)
  const parts = [head?.[2] ?? report.split('\n')[0] ?? '', label?.[2] ?? '', note?.[1] ?? '']
  const from = (starts[Number(place?.[1] ?? 1) - 1] ?? 0) + Number(place?.[2] ?? 1) - 1
  const message = parts.filter((part) => part !== '').join('; ')
  return { code: head?.[1] ?? '', severity, message, from, to: from + (label?.[1]?.length ?? 1) }
}

function lineStarts(source: string): readonly number[] {
  const starts = [0]
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
