import { type LoadedProgram, load, ProgramRefused } from '@tocsin/engine'
import type { Digest, Platform, Program } from '@tocsin/model'
import { platformHere } from '../platform-here.ts'
import type { IntelStore } from './store.ts'

export interface ProgramRefusal {
  readonly program: Digest
  readonly code: string
  readonly message: string
}

/** Some programs of the active set, loaded; those that cannot be are left out. */
export function programsOf(digests: readonly Digest[], store: IntelStore): readonly LoadedProgram[] {
  return digests.flatMap((digest) => {
    const loaded = loadOne(digest, store)
    return loaded !== undefined && 'digest' in loaded ? [loaded] : []
  })
}

/** Nothing for a program of another platform. */
export function loadOne(
  digest: Digest,
  store: IntelStore,
  platform: Platform = platformHere(),
): LoadedProgram | ProgramRefusal | undefined {
  try {
    const program = programOf(digest, store)
    if (program === undefined) throw new ProgramRefused('malformed', 'the program cannot be read')
    const loaded = load(program, (blob) => store.object(blob))
    return isFor(platform, program) ? { ...loaded, digest } : undefined
  } catch (error) {
    const code = error instanceof ProgramRefused ? error.code : 'malformed'
    const message = error instanceof Error ? error.message : String(error)
    return { program: digest, code, message: message.slice(0, 900) }
  }
}

export function isFor(platform: Platform, { platforms }: Program): boolean {
  return platforms.length === 0 || platforms.includes(platform)
}

export function programOf(digest: Digest, store: IntelStore): Program | undefined {
  const bytes = store.object(digest)
  return bytes && programIn(bytes)
}

/** The program that an object holds, if it holds one; whether it can be loaded is not looked at. */
export function programIn(bytes: Uint8Array): Program | undefined {
  const value = parsed(bytes)
  return value !== null && typeof value === 'object' && 'condition' in value ? (value as Program) : undefined
}

export function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}
