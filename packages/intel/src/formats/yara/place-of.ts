import type { Content } from '@tocsin/model'
import type { YaraOutline } from './scan-rules.ts'

/**
 * Where rules are looked for: in files, unless they themselves ask for memory by `scan_context`, which rules in
 * circulation have. A server's or an editor's memory holds the rules' own text, so searching memory must be asked for.
 */
export function placeOf({ rules }: YaraOutline): Content['of'] {
  const contexts = rules.map(({ meta }) => (meta.get('scan_context') ?? 'file').toLowerCase())
  if (!contexts.some((context) => context.includes('memory'))) return 'file'
  return contexts.every((context) => context.trim() === 'memory') ? 'memory' : 'either'
}
