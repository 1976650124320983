import { type LoadedProgram, load } from '@tocsin/engine'
import { compile, readIntel } from '@tocsin/intel'

/** Signals as people write them: mostly about the process and its command line, some about what it does. None of them is met by a burst. */
const shapes: readonly ((number: number) => string)[] = [
  (n) => `process.path ends with '/tool-${n}' AND process.command_line contains '--option-${n}'`,
  (n) => `process.name is 'true' AND process.command_line contains '--secret-${n}'`,
  (n) => `process.parent_name is 'office-${n}' AND (process.name is 'sh' OR process.name is 'true')`,
  (n) => `process.ancestry_path ends with '/server-${n}' AND process.command_line contains 'sh -i'`,
  (n) => `process.command_line contains 'beacon-${n}' OR process.command_line contains 'stager-${n}'`,
  (n) => `process.hash is '${n.toString(16).padStart(64, '0')}'`,
  (n) => `process.command_line matches '(?i)--token-${n}=[0-9a-f]{8,}'`,
  (n) => `process.user_name is NOT 'root' AND process.path starts with '/opt/admin-${n}/'`,
  (n) => `group(file.path contains '/place-${n}/' AND file.operation is 'create')`,
  (n) => `group(network.address is '198.51.100.${n % 250}' AND network.port is ${1_000 + n})`,
]

/** So many Signals; the first is met by the processes whose command line starts and ends so. */
export function loadedSignals(
  count: number,
  { start, end }: { start: string; end: string },
): LoadedProgram[] {
  const ends = end === '' ? [] : [`process.command_line ends with '${end}'`]
  const met = [`process.command_line starts with '${start}'`, ...ends]
  const bodies = Array.from({ length: count }, (_, number) =>
    number === 0 ? met.join(' AND ') : (shapes[number % shapes.length]?.(number) ?? ''),
  )
  return bodies.map(loaded)
}

function loaded(body: string, number: number): LoadedProgram {
  const yara = { validate: () => ({ accepted: true, problems: [] }) }
  const { document } = readIntel(Buffer.from(body), { fileName: `${number}.signal` }, { yara })
  if (document === undefined) throw new Error(body)
  return load(compile(document, { id: number + 1, revision: 1 }), () => undefined)
}
