import { lstat } from 'node:fs/promises'
import { isBeneath } from '../scan/file-path.ts'
import { byteString, NotRead, nameOf, parentOf, textOf } from '../scan/state/tree.ts'
import { type Tools, Unanswerable } from './answerer.ts'

const longestPath = 4_096

/** A path that somebody named, one character for each byte; refused where it is no plain absolute path. */
export function namedPath(text: string): string {
  if (!text.startsWith('/')) throw new Unanswerable('the path does not begin with /')
  if (/\0/.test(text)) throw new Unanswerable('the path holds a NUL')
  if (text.split('/').includes('..')) throw new Unanswerable('the path holds ..')
  const path = byteString(text)
  if (path.length > longestPath) throw new Unanswerable('the path is too long')
  return path
}

/** The path without links; what is the agent's own or lies on a foreign file system is not looked at. */
export async function openedPath(text: string, tools: Tools): Promise<string> {
  const real = await readable(() => tools.tree.real(namedPath(text)))
  return allowed(real, tools)
}

/** The same, but a link at its end is left as it is. */
export async function linkedPath(text: string, tools: Tools): Promise<string> {
  const path = namedPath(text).replace(/\/+$/, '')
  if (path === '') return '/'
  const folder = await readable(() => tools.tree.real(parentOf(path)))
  return allowed(`${folder === '/' ? '' : folder}/${nameOf(path)}`, tools)
}

/** Says why something was not read in the words of the answer. */
export async function readable<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof NotRead) throw new Unanswerable(error.reason)
    throw error
  }
}

async function allowed(path: string, { closed, tree }: Tools): Promise<string> {
  if (isBeneath(textOf(path), closed)) throw new Unanswerable('it is the agent’s own')
  for (let folder = path; folder !== '/'; folder = parentOf(folder)) {
    const isHome = await lstat(tree.hostPath(`${folder}/home.json`)).then(
      (status) => status.isFile(),
      () => false,
    )
    if (isHome) throw new Unanswerable('it lies in a home of Tocsin')
  }
  return path
}
