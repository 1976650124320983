import type { Contract } from '@tocsin/api'
import { expect, test } from 'vitest'
import { allRoutes } from '../routes.ts'
import { failures } from './failures.ts'
import { openApiOf } from './openapi.ts'

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema?: unknown }[]
  readonly tags: readonly string[]
}

const contracts: readonly Contract[] = allRoutes.map(({ contract }) => contract)
const description = openApiOf(contracts) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly 'x-tagGroups': readonly { readonly name: string; readonly tags: readonly string[] }[]
}

test('every route is described once, with all parameters of its path', () => {
  const operations = Object.values(description.paths).flatMap((methods) => Object.values(methods))
  expect(operations).toHaveLength(contracts.length)
  for (const [path, methods] of Object.entries(description.paths)) {
    const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name).sort()
    for (const { parameters } of Object.values(methods)) {
      const named = parameters.filter((each) => each.in === 'path').map(({ name }) => name)
      expect([path, named.sort()]).toEqual([path, inPath])
    }
  }
})

test('it is OpenAPI 3.1, and every operation says what it is, where it belongs and how it can end', () => {
  expect(description).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./), info: { title: 'Tocsin' } })
  for (const [path, methods] of Object.entries(description.paths)) {
    expect(path).toMatch(/^\/[^:]*$/)
    for (const [method, operation] of Object.entries(methods)) {
      expect([path, method]).toEqual([path, expect.stringMatching(/^(get|post|put|patch|delete)$/)])
      expect(operation).toMatchObject({
        summary: expect.stringMatching(/^[A-Z]/),
        tags: [expect.stringMatching(/./)],
        responses: expect.objectContaining({ 400: { description: expect.stringMatching(/./) } }),
      })
      expect(operation.parameters.every((each) => each.schema !== undefined)).toBe(true)
    }
  }
})

test('every reference leads somewhere within the description', () => {
  const text = JSON.stringify(description)
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to ?? '')
  for (const to of references) expect([to, at(description, to)]).not.toEqual([to, undefined])
})

test("Tanium's routes stand in a group of their own", () => {
  const [own, tanium] = description['x-tagGroups']
  expect(own?.tags).toContain('Access')
  expect(own?.tags.some((tag) => tag.startsWith('Tanium'))).toBe(false)
  expect(tanium?.tags.every((tag) => tag.startsWith('Tanium'))).toBe(true)
  const all = new Set([...(own?.tags ?? []), ...(tanium?.tags ?? [])])
  expect(contracts.every(({ tag }) => all.has(tag))).toBe(true)
})

test('every failure that a contract names is in the table', () => {
  const named = contracts.flatMap((contract) => contract.failures ?? [])
  expect(named.filter((code) => !Object.hasOwn(failures, code))).toEqual([])
})

test('no two routes are the same one', () => {
  const names = contracts.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

function at(value: unknown, reference: string): unknown {
  const keys = reference.replace(/^#\/?/, '').split('/')
  return keys.reduce<unknown>(
    (part, key) => (part as Record<string, unknown> | undefined)?.[key.replace('~1', '/').replace('~0', '~')],
    value,
  )
}
