import type { Permission, Role } from '@tocsin/api'

/** Who asks, as the session or token says; made by access, trusted by every feature. */
export interface Principal {
  readonly user: { readonly id: number; readonly name: string }
  readonly via: { readonly kind: 'session' } | { readonly kind: 'token'; readonly id: number }
  /** A role within computer groups; an empty list of groups means all. */
  readonly grants: readonly { readonly role: Role; readonly groups: readonly number[] }[]
  /** A token can have fewer permissions than its user's roles; `null` means all of them. */
  readonly scope: readonly Permission[] | null
}
