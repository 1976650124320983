import type { Diagnostic } from '@tocsin/model'
import { spanAt } from '../../diagnostics.ts'
import type { Range, Signal } from './ast.ts'
import { objectOfGroup } from './check-group.ts'
import type { SignalCode } from './codes.ts'
import { printSignal } from './print-signal.ts'

/** What is legal in a signal and rarely meant. */
export function remarksOn(signal: Signal, text: string): readonly Diagnostic[] {
  switch (signal.kind) {
    case 'term':
      return signal.negate && signal.object !== 'process' ? [negatedOutsideGroup(signal, text)] : []
    case 'group':
      return objectOfGroup(signal.part) === 'process' ? [groupOfProcessTerms(signal, text)] : []
    default:
      return signal.parts.flatMap((part) => remarksOn(part, text))
  }
}

function negatedOutsideGroup(term: Signal & { kind: 'term' }, text: string): Diagnostic {
  const message = `this is met by any ${term.object} event that differs, whatever other events there are`
  const hint = `bind it to the event that is meant: group(… AND ${printSignal(term)})`
  return remark('SIG014', message, hint, spanOf(term.at, text))
}

function groupOfProcessTerms(group: Signal, text: string): Diagnostic {
  const message = 'this group has no effect: process terms always speak of the one process'
  return remark('SIG015', message, 'leave “group” out', spanOf(group.at, text))
}

function spanOf(at: Range, text: string) {
  return spanAt(text, at.from, at.to)
}

function remark(code: SignalCode, message: string, hint: string, span: Diagnostic['span']): Diagnostic {
  return { code, severity: 'warning', message, hint, ...(span === undefined ? {} : { span }) }
}
