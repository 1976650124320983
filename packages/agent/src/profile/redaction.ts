import { redactorOf } from '@tocsin/engine'
import type { Cut, Fields, Finding, Literal, ProcessFacts } from '@tocsin/model'

// Limit: command lines are redacted in what an endpoint keeps and sends, not in what the journal holds from before.
/** Blacks out of command lines what the profile says, in all that leaves the memory of the agent. Programs see the whole. */
export class Redaction {
  private redact: ((text: string) => string) | undefined

  /** RE2 patterns; one that cannot be compiled has everything blacked out. */
  use(patterns: readonly string[]): void {
    this.redact = patterns.length === 0 ? undefined : soundRedactor(patterns)
  }

  facts<Facts extends ProcessFacts | undefined>(facts: Facts): Facts {
    return facts === undefined || this.redact === undefined
      ? facts
      : { ...facts, fields: this.fields(facts.fields) }
  }

  /** Of an event, or anything else with fields. */
  of<Thing extends { readonly fields: Fields }>(thing: Thing): Thing {
    return this.redact === undefined ? thing : { ...thing, fields: this.fields(thing.fields) }
  }

  text(line: string): string {
    return this.redact?.(line) ?? line
  }

  finding(finding: Finding): Finding {
    if (this.redact === undefined) return finding
    const { chain, explanation } = finding
    return {
      ...finding,
      chain: chain.map((facts) => this.facts(facts)),
      explanation: {
        ...explanation,
        instances: explanation.instances.map((each) => this.of(each)),
        witnesses: explanation.witnesses.map((each) =>
          each.property === undefined || each.seen === undefined || !isCommandLine(each.property)
            ? each
            : { ...each, seen: this.value(each.seen) },
        ),
      },
    }
  }

  private fields(fields: Fields): Fields {
    if (!Object.keys(fields).some(isCommandLine)) return fields
    return Object.fromEntries(
      Object.entries(fields).map(([property, field]) => [
        property,
        isCommandLine(property)
          ? { ...field, values: field.values.map((value) => this.value(value)) }
          : field,
      ]),
    )
  }

  private value<Value extends Literal | Cut>(value: Value): Value | string | Cut {
    const { redact } = this
    if (redact === undefined) return value
    if (typeof value === 'string') return redact(value)
    if (value !== null && typeof value === 'object' && 'cut' in value) return { cut: redact(value.cut) }
    return value
  }
}

function isCommandLine(property: string): boolean {
  return property.endsWith('command_line')
}

/** The server refuses patterns that RE2 does; should one come all the same, nothing is told rather than too much. */
function soundRedactor(patterns: readonly string[]): (text: string) => string {
  try {
    return redactorOf(patterns)
  } catch {
    return redactorOf(['(?s).+'])
  }
}
