/** What the bursts do, by object and operation of the events that must be recorded. */
export const processes = 10_000
export const operations = 10_000
export const questions = 2_000
/** In the command line of each process of a burst of processes, before a number of five digits. */
export const processMark = '/bin/true tocsin-load-process '
/** At the end of the command line of what makes the other bursts. */
export const loadMark = ' tocsin-load'

const tcp = { 'network tcp connect': operations, 'network tcp accept': operations }

export const bursts: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  processes: { 'process start': processes, 'process exit': processes },
  files: {
    'file create': operations,
    'file write': operations,
    'file rename': operations,
    'file delete': operations,
  },
  tcp4: { ...tcp, 'network tcp close': 2 * operations },
  tcp6: { ...tcp, 'network tcp close': 2 * operations },
  udp: { 'network udp connect': operations },
  dns: { 'dns query': questions },
}
