import type { Platform } from '@tocsin/model'

/** What this machine runs. */
export function platformHere(system = process.platform): Platform {
  if (system === 'win32') return 'windows'
  return system === 'darwin' ? 'macos' : 'linux'
}
