import { z } from 'zod'
import { Failure } from './failure.ts'

const databaseGone = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '08006',
])

/** What whoever asked is told of an error; nothing for a bug, which is logged. */
export function asFailure(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error
  if (error instanceof z.ZodError) {
    const [issue] = error.issues
    return new Failure('request.malformed', { detail: `${issue?.path.join('.') || 'it'}: ${issue?.message}` })
  }
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string }
  if (statusCode === 413) return new Failure('request.too-large')
  if (statusCode !== undefined && statusCode < 500) {
    return new Failure('request.malformed', message === undefined ? {} : { detail: message })
  }
  if (code !== undefined && databaseGone.has(code)) return new Failure('server.database-down')
  if (
    message?.startsWith('Connection terminated') ||
    message?.includes('timeout exceeded when trying to connect')
  ) {
    return new Failure('server.database-down')
  }
  return undefined
}
