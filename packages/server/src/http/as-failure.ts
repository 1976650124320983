import type { z } from 'zod'
import { Failure } from './failure.ts'

const databaseGone = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ECONNRESET',
  'EPIPE',
  '53300', // too many connections
  '57P01',
  '57P02',
  '57P03',
  '08006',
])
/** Values that PostgreSQL cannot keep: a NUL, half a surrogate pair, a number beyond its column. */
const unstorable = new Set(['22021', '22P05', '22003'])
const mostIssues = 5

/** What whoever asked is told of an error; nothing for a bug, which is logged. */
export function asFailure(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error
  if (!(error instanceof Error)) return undefined
  const { code, statusCode, message } = error as Error & { code?: string; statusCode?: number }
  if (statusCode === 413) return new Failure('request.too-large')
  if (statusCode !== undefined && statusCode < 500)
    return new Failure('request.malformed', { detail: message })
  if (code !== undefined && unstorable.has(code))
    return new Failure('request.malformed', { detail: 'a value in it cannot be kept' })
  const isGone = code !== undefined && databaseGone.has(code)
  return isGone || isLostConnection(message) ? new Failure('server.database-down') : undefined
}

function isLostConnection(message: string): boolean {
  return (
    message.startsWith('Connection terminated') ||
    message.startsWith('Client has encountered a connection error') ||
    message.includes('timeout exceeded when trying to connect')
  )
}

/** Names each place that does not fit and why; the first few. */
export function describeIssues({ issues }: z.ZodError, part: string): string {
  return issues
    .slice(0, mostIssues)
    .map(({ path, message }) => `${[part, ...path.map(String)].join('.')}: ${message}`)
    .join('; ')
}
