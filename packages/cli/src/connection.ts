import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CallRefused, type Connection } from '@tocsin/api'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { UnknownName } from './names.ts'

/** TOCSIN_HOME, or `.tocsin` in the current folder. */
export function home(): string {
  return process.env.TOCSIN_HOME ?? join(process.cwd(), '.tocsin')
}

/** TOCSIN_URL and TOCSIN_API_TOKEN; without them this machine's server with the token of its first start. */
export async function connectionOf(): Promise<Connection> {
  const baseUrl = process.env.TOCSIN_URL ?? `http://127.0.0.1:${process.env.TOCSIN_PORT ?? '8080'}`
  const token = process.env.TOCSIN_API_TOKEN ?? (await firstToken())
  return { baseUrl, token, fetch: (url, init) => fetch(url, init) }
}

async function firstToken(): Promise<string> {
  const text = await readFile(join(home(), 'initial-credentials'), 'utf8').catch(() => '')
  return /token-\S+/.exec(text)?.[0]?.replace(/["',]+$/, '') ?? ''
}

/** Says what went wrong in one line and gives the exit code; anything else is a bug and is thrown on. */
export function explainFailure(error: unknown): ExitCode {
  if (error instanceof CallRefused) {
    const { code, text, hint } = error.refusal
    console.error(`${text} (${code ?? error.status})${hint === undefined ? '' : `\n${hint}`}`)
    return exitCodes.no
  }
  if (error instanceof UnknownName) {
    console.error(error.message)
    return exitCodes.no
  }
  if (error instanceof TypeError && error.cause !== undefined) {
    console.error('The server does not answer. Is `tocsin up` running? TOCSIN_URL says where to look.')
    return exitCodes.unreachable
  }
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')) {
    console.error(error.message)
    return exitCodes.usage
  }
  throw error
}
