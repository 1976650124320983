import { type Comparison, type Condition, type Digest, visit } from '@tocsin/model'
import { expect, test } from 'vitest'
import { urlCondition } from './urls.ts'

function leaves(comparison: Comparison, text: string, blobs?: Map<Digest, Uint8Array>): readonly string[] {
  const found: string[] = []
  const see = (node: Condition) => {
    if (node.kind === 'content') found.push('content')
    if (node.kind === 'term' && node.operand.kind === 'values')
      found.push(`${node.property} ${node.comparison} ${node.operand.values.join()}`)
  }
  visit(urlCondition({ comparison, text, ...(blobs && { blobs }) }), see)
  return found
}

test('a URL is its host in DNS and its text in command lines and files', () => {
  const blobs = new Map<Digest, Uint8Array>()
  expect(leaves('is', 'http://Evil.example/x', blobs)).toEqual([
    'dns.query is evil.example',
    'process.command_line contains http://Evil.example/x',
    'content',
  ])
  expect(new TextDecoder().decode([...blobs.values()][0])).toContain(
    '"http://Evil.example/x" ascii wide nocase',
  )
})

test('a host that is an address is one that was answered and one that was connected to', () => {
  expect(leaves('starts with', 'http://192.0.2.9:8080/')).toEqual([
    'dns.response is 192.0.2.9',
    'connection.remote_address is 192.0.2.9',
    'network.remote_address is 192.0.2.9',
    'process.command_line contains http://192.0.2.9:8080/',
  ])
})

test('without a scheme the host is what stands before the first slash', () => {
  expect(leaves('contains', 'evil.example/gate.php')).toContain('dns.query is evil.example')
  expect(leaves('contains', '/gate.php?id=')).toEqual([
    'process.command_line contains /gate.php?id=',
    'process.command_line contains ://',
  ])
})

test('anchors of a pattern speak of the URL, not of the command line', () => {
  expect(leaves('matches', '^http://[a-z]+/x$')[0]).toBe('process.command_line matches http://[a-z]+/x')
})
