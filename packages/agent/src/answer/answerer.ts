import type { Row } from '@tocsin/questions'
import type { StateReading } from '../scan/state/state-reading.ts'
import type { Tree } from '../scan/state/tree.ts'
import type { Facts } from './facts.ts'

/** What a sensor reads with. */
export interface Tools {
  readonly facts: Facts
  readonly tree: Tree
  readonly reading: StateReading
  readonly abort: AbortSignal
  /** Folders that are nobody's business: the agent's own. */
  readonly closed: readonly string[]
  /** Rows may be there that are not told. */
  missed(why: string): void
}

/** Reads the rows of one sensor, in the order of its columns. */
export interface Answerer {
  /** Its name in the table of sensors. */
  readonly sensor: string
  rows(parameters: readonly string[], tools: Tools): AsyncIterable<Row>
}

/** This machine cannot say it, and why. */
export class Unanswerable extends Error {}
