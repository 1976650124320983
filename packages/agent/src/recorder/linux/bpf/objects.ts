import type { ObjectKind } from '@tocsin/model'
import {
  dnsProperties,
  driverProperties,
  fileProperties,
  imageProperties,
  networkProperties,
  processProperties,
  securityProperties,
} from '../delivered.ts'
import { kinds } from './layout.ts'

/** Programs without which nothing, or only a part, is told of an object. */
const carriers: Readonly<Partial<Record<ObjectKind, readonly string[]>>> = {
  process: ['on_fork', 'on_exec', 'on_exit'],
  network: ['on_state', 'on_return', 'on_connect4', 'on_connect6', 'on_send4', 'on_send6'],
  dns: ['on_egress', 'on_ingress', 'on_send4', 'on_send6', 'on_connect4', 'on_connect6'],
  security: ['on_return'],
  file: ['on_open', 'on_put', 'on_rename', 'on_unlink'],
  image: ['on_map'],
  driver: ['on_module'],
}

const delivered: Readonly<Partial<Record<ObjectKind, readonly string[]>>> = {
  process: processProperties,
  network: networkProperties,
  dns: dnsProperties,
  security: securityProperties,
  file: fileProperties,
  image: imageProperties,
  driver: driverProperties,
}

/** Where the kernel lets trampolines in, connections are theirs: see has_fentry in recorder.bpf.c. */
const trampolines = ['on_open', 'on_put', 'on_map', 'on_rename', 'on_unlink', 'on_connect', 'on_accept']
const ofTrampolines: typeof carriers = { network: ['on_connect', 'on_accept'] }

/** Object → properties that its events carry; an object whose programs the kernel refused is not there. */
export function deliveredBy(programs: ReadonlySet<string>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(objectsBy(programs).map((object) => [object, delivered[object] ?? []]))
}

export function objectsBy(programs: ReadonlySet<string>): readonly ObjectKind[] {
  const hasTrampolines = trampolines.some((name) => programs.has(name))
  const found = Object.entries(carriers).filter(([object, names]) => {
    const more = hasTrampolines ? (ofTrampolines[object as ObjectKind] ?? []) : []
    return [...names, ...more].every((name) => programs.has(name))
  })
  return found.map(([object]) => object as ObjectKind)
}

const objectsOf: Readonly<Record<keyof typeof kinds, ObjectKind>> = {
  fork: 'process',
  exec: 'process',
  exit: 'process',
  create: 'file',
  write: 'file',
  rename: 'file',
  delete: 'file',
  change: 'file',
  link: 'file',
  undone: 'file',
  connect: 'network',
  accept: 'network',
  listen: 'network',
  close: 'network',
  datagram: 'network',
  dnsQuery: 'dns',
  dnsAnswer: 'dns',
  image: 'image',
  module: 'driver',
  ptrace: 'security',
  bpfLoad: 'security',
  setUser: 'security',
  mount: 'security',
}

const byNumber: ReadonlyMap<number, ObjectKind> = new Map(
  Object.entries(objectsOf).map(([name, object]) => [kinds[name as keyof typeof kinds], object]),
)

export function objectOf(kind: number): ObjectKind {
  return byNumber.get(kind) ?? 'process'
}

/** Objects of which any record of the kernel's programs may be. */
export const kernelObjects: readonly ObjectKind[] = [...new Set(byNumber.values())]
