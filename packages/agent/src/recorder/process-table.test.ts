import { known } from '@tocsin/model'
import { beforeEach, expect, test } from 'vitest'
import { type ExecSeen, ProcessTable } from './process-table.ts'

let table: ProcessTable
beforeEach(() => {
  table = new ProcessTable('boot', 0)
})

const exec = (pid: number, exe: string, more: Partial<ExecSeen> = {}, container: string | null = null) =>
  table.exec(
    {
      ...{ at: 10 * pid, pid, ppid: 1, startTicks: pid, exe, commandLine: `${exe} -x`, isCut: false },
      ...{ cwd: '/', euid: 0, egid: null },
      ...more,
    },
    container,
  )
const pathOf = (pid: number) => table.ofPid(pid)?.fields['process.path']

test('a child is what its parent was when it forked, whenever that is asked', () => {
  exec(1, '/bin/sh')
  table.fork(2, 1, 2, 500)
  exec(1, '/bin/true', { at: 600 })
  expect(pathOf(1)).toEqual(known('/bin/true'))
  expect(table.ofPid(2)).toMatchObject({ key: 'boot:2:2', parent: 'boot:1:1', startedAt: 500, endedAt: null })
  expect(pathOf(2)).toEqual(known('/bin/sh'))
  expect(table.ofPid(2)?.fields).toMatchObject({
    'process.pid': known(2),
    'process.parent_pid': known(1),
    'process.start_time': known({ time: 500 }),
  })
})

test('a fork that is told again changes nothing', () => {
  exec(1, '/bin/sh')
  table.fork(2, 1, 2, 500)
  exec(2, '/bin/true')
  table.fork(2, 1, 2, 500)
  expect(pathOf(2)).toEqual(known('/bin/true'))
})

test('the image of a process keeps its key, parent and container, and has the hashes that are known', () => {
  exec(1, '/bin/sh', {}, 'c1')
  table.fork(2, 1, 2, 500)
  const seen = { at: 700, pid: 2, ppid: 9, startTicks: 2, exe: '/usr/bin/id', commandLine: 'id -u' }
  const facts = table.exec({ ...seen, isCut: false, cwd: '/tmp', euid: null, egid: null }, null, {
    'process.md5': known('aa'),
  })
  expect(facts).toMatchObject({ key: 'boot:2:2', parent: 'boot:1:1', startedAt: 700 })
  expect(facts.fields).toMatchObject({
    'process.name': known('id'),
    'process.command_line': known('id -u'),
    'process.cwd': known('/tmp'),
    'process.container_id': known('c1'),
    'process.md5': known('aa'),
  })
})

test('an exit adds its code and time to what was known, also of a child that ran no image of its own', () => {
  exec(1, '/bin/sh')
  table.fork(2, 1, 2, 500)
  expect(table.exit('boot:2:2', 3, 900)).toBe(true)
  expect(table.exit('boot:7:7', 3, 900)).toBe(false)
  expect(pathOf(2)).toEqual(known('/bin/sh'))
  expect(table.ofPid(2)).toMatchObject({ endedAt: 900, fields: { 'process.exit_code': known(3) } })
  table.complete('boot:2:2', { 'process.md5': known('aa') })
  expect(table.ofPid(2)).toMatchObject({ endedAt: 900, fields: { 'process.md5': known('aa') } })
})

test('a pid that was given away again is told from what it was before', () => {
  exec(5, '/bin/true')
  exec(5, '/bin/false', { startTicks: 6 })
  expect(table.keyOfStart(5, 5)).toBe('boot:5:5')
  expect(table.keyOfStart(5, 6)).toBe('boot:5:6')
  expect(table.keyOfStart(5, 7)).toBeUndefined()
  expect(table.get('boot:5:5')?.fields['process.path']).toEqual(known('/bin/true'))
})

test('what ended a minute ago is forgotten, unless a child of it lives', () => {
  exec(1, '/bin/sh')
  table.fork(2, 1, 2, 500)
  table.fork(3, 2, 3, 500)
  table.fork(4, 1, 4, 500)
  for (const key of ['boot:2:2', 'boot:4:4']) table.exit(key, 0, 1_000)
  table.sweep(60_000_000)
  expect(table.get('boot:4:4')).toBeDefined()
  table.sweep(61_001_000)
  expect(table.get('boot:4:4')).toBeUndefined()
  expect(table.chainOf('boot:3:3', 9).map(({ key }) => key)).toEqual(['boot:3:3', 'boot:2:2', 'boot:1:1'])
})

test('an argument list that was cut is a known beginning', () => {
  exec(1, '/bin/sh', { isCut: true })
  expect(table.ofPid(1)?.fields['process.command_line']).toEqual({
    values: [{ cut: '/bin/sh -x' }],
    whole: false,
  })
})
