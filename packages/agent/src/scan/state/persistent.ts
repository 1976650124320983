import type { Field } from '@tocsin/model'

/** One thing that starts or is loaded again after a restart or a login. */
export interface Persistent {
  readonly kind: 'service' | 'task' | 'autostart' | 'profile' | 'preload' | 'module' | 'ssh key'
  /** The same on each pass, and different for each entry of its kind. */
  readonly key: string
  readonly name: Field
  readonly file: Field
  readonly path: Field
  readonly commandLine: Field
  readonly user: Field
}
