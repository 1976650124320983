/** Numbers of recorder.bpf.c; both change together. */
export const layout = 1

export const kinds = {
  fork: 1,
  exec: 2,
  exit: 3,
  create: 4,
  write: 5,
  rename: 6,
  delete: 7,
  change: 8,
  link: 9,
  undone: 10,
  connect: 11,
  accept: 12,
  listen: 13,
  close: 14,
  datagram: 15,
  dnsQuery: 16,
  dnsAnswer: 17,
  image: 18,
  module: 19,
  ptrace: 20,
  bpfLoad: 21,
  setUser: 22,
  mount: 23,
} as const

/** Rows of one processor in the counts. */
export const kindCount = 32
export const mostCpus = 512
/** Rows of the reader's map: when the ring was read last, one for each kind, and of these no kind has the number. */
export const skippedRow = {
  process: 25,
  file: 26,
  network: 27,
  image: 28,
  driver: 29,
  systemCall: 30,
} as const
/** struct count: sequence, kept, dropped. */
export const countBytes = 24

/** struct head. */
export const head = {
  kind: 0,
  cpu: 2,
  sequence: 4,
  at: 8,
  pid: 16,
  tid: 20,
  ppid: 24,
  uid: 28,
  gid: 32,
  euid: 36,
  egid: 40,
  start: 48,
  pidNamespace: 64,
  mountNamespace: 68,
  cut: 76,
  bytes: 96,
} as const

/** struct file_facts. */
export const fileFacts = {
  inode: 0,
  size: 8,
  changed: 16,
  device: 24,
  mode: 28,
  links: 32,
  owner: 36,
  bytes: 40,
} as const

/** struct exec_facts, after the facts of its file. */
export const execFacts = {
  capabilities: 40,
  argumentBytes: 48,
  argumentCount: 52,
  secure: 56,
  cwd: 60,
  cgroup: 62,
  arguments: 64,
  bytes: 72,
} as const
export const mostArgumentBytes = 16_383

/** struct socket_facts. */
export const socketFacts = {
  family: 0,
  localPort: 2,
  remotePort: 4,
  protocol: 6,
  local: 8,
  remote: 24,
  ownerPid: 40,
  error: 44,
  received: 48,
  sent: 56,
  ownerStart: 64,
  bytes: 72,
} as const
