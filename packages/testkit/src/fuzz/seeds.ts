import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const longest = 24_576
const fixtures = fileURLToPath(new URL('../../../intel/testdata/', import.meta.url))
/** Public documents beside the repository, where they are there. */
const beside = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))

/** The documents of these folders whose names end so; long ones would make slow inputs and are left out. */
export function seedsIn(folders: readonly string[], endings: RegExp): readonly Uint8Array[] {
  return documentsIn(folders, endings).filter(({ length }) => length > 0 && length <= longest)
}

/** Our fixtures and public documents, as they are. */
export function documentsIn(folders: readonly string[], endings: RegExp): readonly Uint8Array[] {
  const files = folders.flatMap((folder) =>
    [`${fixtures}${folder}`, `${beside}${folder}`].flatMap(filesUnder),
  )
  return files
    .filter((file) => endings.test(file) && !made.test(file))
    .map((file) => new Uint8Array(readFileSync(file)))
}

/** Goldens are made of documents and are none themselves. */
const made = /\.(?:condition|program|compiled|contents)\.json$|diagnostics\.txt$/

function filesUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
}
