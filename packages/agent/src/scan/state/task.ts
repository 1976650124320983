import type { Field } from '@tocsin/model'

/** One command that runs at some time, whatever starts it. */
export interface Task {
  /** The same on each pass, and different for each task of a file. */
  readonly key: string
  readonly name: string
  readonly file: string
  readonly path: Field
  readonly commandLine: Field
  readonly user: Field
  readonly schedule: Field
}
