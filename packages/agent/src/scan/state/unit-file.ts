import { trimmed } from './lines.ts'

/** Settings of a unit by section and name, each with its values in order, such as `Service.ExecStart`. */
export type UnitSettings = ReadonlyMap<string, readonly string[]>

// file := (line '\n')* ; line := '[' section ']' | name '=' value | comment ; a backslash at the end continues a line
/** Puts texts together as systemd does: later ones add to earlier ones, and an empty value forgets what was before. */
export function unitSettings(texts: readonly string[]): UnitSettings {
  const settings = new Map<string, string[]>()
  for (const text of texts) {
    let section = ''
    for (const line of joinedLines(text)) {
      const header = /^\[([^\]]*)\]$/.exec(line)
      if (header !== null) {
        section = header[1] ?? ''
        continue
      }
      const equals = line.indexOf('=')
      if (equals < 1) continue
      add(settings, `${section}.${trimmed(line.slice(0, equals))}`, trimmed(line.slice(equals + 1)))
    }
  }
  return settings
}

export function lastOf(settings: UnitSettings, name: string): string | undefined {
  return settings.get(name)?.at(-1)
}

/** Fills in what stands for the unit's own name; other specifiers stay as they are. */
export function withoutSpecifiers(text: string, unit: string): string {
  const stem = unit.replace(/\.[^.]*$/, '')
  const at = stem.indexOf('@')
  const [prefix, instance] = at < 0 ? [stem, ''] : [stem.slice(0, at), stem.slice(at + 1)]
  const words: Readonly<Record<string, string>> = {
    ...{ '%n': unit, '%N': stem, '%p': prefix, '%P': unescaped(prefix) },
    ...{ '%i': instance, '%I': unescaped(instance), '%%': '%' },
  }
  return text.replace(/%[nNpPiI%]/g, (specifier) => words[specifier] ?? specifier)
}

function joinedLines(text: string): readonly string[] {
  const lines: string[] = []
  let open = ''
  for (const raw of text.split('\n')) {
    const line = trimmed(raw)
    if (/^[#;]/.test(line)) continue // also within a continued line
    if (line.endsWith('\\')) {
      open += `${trimmed(line.slice(0, -1))} `
      continue
    }
    if (open !== '' || line !== '') lines.push(open + line)
    open = ''
  }
  return open === '' ? lines : [...lines, trimmed(open)]
}

function add(settings: Map<string, string[]>, name: string, value: string): void {
  if (value === '') {
    settings.delete(name)
    return
  }
  const values = settings.get(name)
  if (values === undefined) settings.set(name, [value])
  else values.push(value)
}

/** `-` stands for `/`, `\x2d` for the byte. */
function unescaped(text: string): string {
  return text
    .replaceAll('-', '/')
    .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
