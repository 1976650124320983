import { expect, test } from 'vitest'
import { deliveredBy } from './objects.ts'

const plain = [
  ...['on_fork', 'on_exec', 'on_exit', 'on_state', 'on_return', 'on_egress', 'on_ingress'],
  ...['on_connect4', 'on_connect6', 'on_send4', 'on_send6'],
]
const trampolines = [
  ...['on_open', 'on_put', 'on_rename', 'on_unlink', 'on_link', 'on_chmod', 'on_chown', 'on_map'],
  ...['on_connect', 'on_accept', 'after_rename', 'after_unlink', 'after_link'],
]
const objects = (...programs: readonly string[]) => Object.keys(deliveredBy(new Set(programs))).sort()
const without = (name: string, programs: readonly string[]) => programs.filter((other) => other !== name)

test('where the kernel refuses trampolines, files and images are not claimed', () => {
  expect(objects(...plain)).toEqual(['dns', 'network', 'process', 'security'])
})

test('where it takes them, all is', () => {
  expect(objects(...plain, ...trampolines, 'on_module')).toEqual([
    'dns',
    'driver',
    'file',
    'image',
    'network',
    'process',
    'security',
  ])
})

test.each([
  ['on_exec', 'process'],
  ['on_return', 'security'],
  ['on_ingress', 'dns'],
  ['on_put', 'file'],
  ['on_map', 'image'],
  ['on_accept', 'network'],
  ['on_connect', 'network'],
])('without %s nothing of %s is claimed', (name, object) => {
  expect(objects(...without(name, [...plain, ...trampolines]))).not.toContain(object)
})

test('without control groups there are no datagrams, and so no whole network', () => {
  expect(objects('on_fork', 'on_exec', 'on_exit', 'on_state', 'on_return')).toEqual(['process', 'security'])
})
