/** A path as it was written, seen from the folder that the process works in; nothing where that is not told. */
export function pathFrom(name: string, folder: string | undefined): string | undefined {
  if (name.startsWith('/')) return normal(name)
  return folder === undefined ? undefined : normal(`${folder}/${name}`)
}

/** Without `.`, `..` and double strokes. */
function normal(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
