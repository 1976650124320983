import type { Diagnostic } from '@tocsin/model'
import { type FailureCode, type FailureSpec, failures } from './failures.ts'

/** A refusal from the table, on its way to whoever asked. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly diagnostics: readonly Diagnostic[]
  /** Names what is meant, beside the table's text. */
  readonly detail: string | undefined

  constructor(code: FailureCode, more: { detail?: string; diagnostics?: readonly Diagnostic[] } = {}) {
    super(failures[code].text)
    this.name = 'Failure'
    this.code = code
    this.detail = more.detail
    this.diagnostics = more.diagnostics ?? []
  }

  get spec(): FailureSpec {
    return failures[this.code]
  }
}
