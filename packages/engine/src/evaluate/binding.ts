import type { Instance } from '@tocsin/model'
import type { Proof } from './leaf.ts'

/** One way to meet a condition: the instances it takes, and its proof. */
export interface Binding {
  /** Instances that count for order and windows: the process entry does not. */
  readonly instances: readonly Instance[]
  readonly proof: Proof
}

/** Takes nothing and shows nothing yet. */
export const emptyBinding: Binding = { instances: [], proof: { kept: [], witnesses: [] } }

/** All of them together. */
export function merged(bindings: readonly Binding[]): Binding {
  return {
    instances: bindings.flatMap(({ instances }) => instances),
    proof: {
      kept: bindings.flatMap(({ proof }) => proof.kept),
      witnesses: bindings.flatMap(({ proof }) => proof.witnesses),
    },
  }
}

/** Whether the binding takes the instance. */
export function takes({ instances }: Binding, { key }: Instance): boolean {
  return instances.some((instance) => instance.key === key)
}

export function lastOf(instances: readonly Instance[]): number {
  return instances.reduce((last, { at }) => Math.max(last, at), Number.NEGATIVE_INFINITY)
}

export function firstOf(instances: readonly Instance[]): number {
  return instances.reduce((first, { at }) => Math.min(first, at), Number.POSITIVE_INFINITY)
}
