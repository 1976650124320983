import type { Micros } from '@tocsin/model'
import type { InventoryLimits } from './tables.ts'

export type HashKind = 'md5' | 'sha1' | 'sha256'

/** A file that the inventory knows, as it was when it was last looked at. */
export interface KnownFile {
  readonly path: string
  /** The path's bytes as hex, where the text does not say them all. */
  readonly raw?: string
  readonly size: number
  readonly modified: Micros
  readonly changed: Micros
  /** Nothing while it is not hashed. */
  readonly hashes: { readonly md5: string; readonly sha1: string; readonly sha256: string } | null
}

export interface InventoryAnswer {
  readonly files: readonly KnownFile[]
  /** There are more than were asked for. */
  readonly isCut: boolean
  /** It holds every file that there was at `asOf`, and of a question about hashes, the hashes of each. */
  readonly complete: boolean
  /** Later changes may be missing; 0 where no walk has come to its end yet. */
  readonly asOf: Micros
  /** Why it is not complete. */
  readonly why: readonly string[]
}

export type InventoryQuestion =
  | { readonly kind: 'hash'; readonly of: HashKind; readonly hash: string; readonly limit: number }
  | { readonly kind: 'name'; readonly glob: string; readonly limit: number }

/** What a scan hashed anyway; the identity was the same before and after. */
export interface HashedFile {
  readonly path: Uint8Array
  readonly device: bigint
  readonly inode: bigint
  readonly size: number
  readonly modified: Micros
  readonly changed: Micros
  readonly md5: string
  readonly sha1: string
  readonly sha256: string
}

export interface InventoryCounts {
  readonly files: number
  readonly unhashed: number
  readonly bytes: number
  /** A walk has come to its end since the agent was started. */
  readonly isWalked: boolean
}

export type ToInventory =
  | { readonly kind: 'use'; readonly exclude: readonly string[] }
  /** Something may have changed at these paths. */
  | { readonly kind: 'noticed'; readonly paths: readonly Uint8Array[] }
  | { readonly kind: 'hashed'; readonly files: readonly HashedFile[] }
  /** Changes were not heard of. */
  | { readonly kind: 'missed' }
  /** Whether changes are heard of at all. */
  | { readonly kind: 'live'; readonly isLive: boolean }
  | { readonly kind: 'hold'; readonly isHeld: boolean }
  | { readonly kind: 'ask'; readonly id: number; readonly question: InventoryQuestion }
  | { readonly kind: 'close' }

export type FromInventory =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: InventoryAnswer }
  | { readonly kind: 'counts'; readonly counts: InventoryCounts }
  | { readonly kind: 'aside'; readonly path: string }

/** What the thread is started with. */
export interface InventoryData {
  readonly stateDir: string
  readonly roots: readonly string[]
  readonly exclude: readonly string[]
  readonly limits: InventoryLimits
  /** CPU seconds in a second. */
  readonly cores: number
}
