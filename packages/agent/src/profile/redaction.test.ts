import { known } from '@tocsin/model'
import { expect, test } from 'vitest'
import { findingOf } from '../testdata/findings.ts'
import { Redaction } from './redaction.ts'

const secret = 'mysql --password=hunter2'
const facts = {
  ...{ key: 'a', parent: null, startedAt: 1, endedAt: null },
  fields: { 'process.command_line': known(secret), 'process.path': known('/bin/--password=hunter2') },
}
const redaction = new Redaction()

test('without patterns everything is as it was', () => {
  redaction.use([])
  expect(redaction.facts(facts)).toBe(facts)
})

test('command lines are blacked out in processes, findings and what met their terms, and nothing else is', () => {
  redaction.use(['--password=(\\S+)'])
  const instance = { key: 'a', object: 'process' as const, at: 1, fields: facts.fields }
  const witness = { at: [], property: 'process.command_line', seen: secret, instance: 'a' }
  const finding = findingOf('x', {
    chain: [facts],
    explanation: { kept: [], instances: [instance], witnesses: [witness] },
  })
  const redacted = redaction.finding(finding)
  const line = known('mysql --password=[redacted]')
  const fields = { 'process.command_line': line, 'process.path': facts.fields['process.path'] }
  expect(redacted.chain[0]?.fields).toEqual(fields)
  expect(redacted.explanation.instances[0]?.fields).toEqual(fields)
  expect(redacted.explanation.witnesses[0]?.seen).toBe('mysql --password=[redacted]')
  expect(redacted.id).toBe(finding.id)
})

test('a command line that was cut stays cut', () => {
  redaction.use(['hunter'])
  const cut = {
    ...facts,
    fields: { 'process.command_line': { values: [{ cut: 'x hunter2' }], whole: true } },
  }
  expect(redaction.facts(cut).fields['process.command_line']?.values).toEqual([{ cut: 'x [redacted]2' }])
})

test('with a pattern that cannot be compiled nothing of a command line is told', () => {
  redaction.use(['('])
  expect(redaction.facts(facts).fields['process.command_line']).toEqual(known('[redacted]'))
})
