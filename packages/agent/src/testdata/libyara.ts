import { spawnSync } from 'node:child_process'
import { layouts } from '../scan/content/libyara-layouts.ts'

/** Why tests of libyara are skipped; nothing where a known version is installed. */
export const whyNoLibyara: string | undefined = reason()

function reason(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux'
  const known = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? ''
  return layouts.some(({ library }) => known.includes(library)) ? undefined : 'needs libyara9'
}
