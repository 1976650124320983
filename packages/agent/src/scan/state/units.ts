import { type Account, homesOf } from './accounts.ts'
import { type Look, textOfFile } from './look.ts'
import { byteString, type Entry, nameOf, textOf } from './tree.ts'
import { type UnitSettings, unitSettings } from './unit-file.ts'

/** Folders that one manager reads its units from, the one that wins first. */
export interface Manager {
  readonly folders: readonly string[]
  /** Whose manager it is; nothing for the system's. */
  readonly account: Account | undefined
}

/** A unit that is installed or asked for. */
export interface Unit {
  /** As people read it. */
  readonly name: string
  /** The file that defines it, with links resolved. */
  readonly file: string
  readonly settings: UnitSettings
  readonly isMasked: boolean
  /** Another unit wants it, or it is linked into a target. */
  readonly isEnabled: boolean
}

export const systemFolders: readonly string[] = [
  ...['/etc/systemd/system.control', '/run/systemd/system.control', '/run/systemd/transient'],
  ...['/run/systemd/generator.early', '/etc/systemd/system', '/etc/systemd/system.attached'],
  ...['/run/systemd/system', '/run/systemd/system.attached', '/run/systemd/generator'],
  ...['/usr/local/lib/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'],
  '/run/systemd/generator.late',
]
const homeFolders: readonly string[] = [
  ...['.config/systemd/user.control', '.config/systemd/user', '.local/share/systemd/user'],
]
/** What stands in these counts for the managers of all users; it is told as the system's. */
const usersFolders: readonly string[] = [
  '/etc/systemd/user',
  '/run/systemd/user',
  '/usr/local/lib/systemd/user',
]

/** The system's manager, and one for each home that has units. */
export async function managersOf(look: Look): Promise<readonly Manager[]> {
  const managers: Manager[] = [{ folders: systemFolders, account: undefined }]
  for (const account of await homesOf(look)) {
    const folders = homeFolders.map((folder) => `${byteString(account.home)}/${folder}`)
    if (await anyIsThere(look, folders)) managers.push({ folders, account })
  }
  return managers
}

/** What is installed for the manager of every user. */
export const allUsers: Manager = { folders: usersFolders, account: undefined }

async function anyIsThere(look: Look, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) if (await look.has(folder)) return true
  return false
}

interface Found {
  /** Unit → its path in the folder that wins. */
  readonly files: Map<string, string>
  /** Units that others want, or that are linked under another name. */
  readonly wanted: Set<string>
  /** Unit → folders with files that add to it. */
  readonly additions: Map<string, readonly string[]>
}

/** The units of one manager whose names end so; templates, and those of their instances that are wanted. */
export async function unitsOf(look: Look, manager: Manager, ending: string): Promise<readonly Unit[]> {
  const found = await findUnits(look, manager.folders, ending)
  const instances = [...found.wanted].filter(
    (name) => !found.files.has(name) && templateOf(name) !== undefined,
  )
  const units: Unit[] = []
  for (const name of [...found.files.keys(), ...instances]) {
    const unit = await unitOf(look, name, found)
    if (unit !== undefined) units.push(unit)
  }
  return units
}

async function findUnits(look: Look, folders: readonly string[], ending: string): Promise<Found> {
  const found: Found = { files: new Map(), wanted: new Set(), additions: new Map() }
  const seen = new Set<string>()
  for (const folder of folders) {
    const real = await look.tree.real(folder).catch(() => folder)
    if (seen.has(real)) continue // /lib is often a link to /usr/lib
    seen.add(real)
    for (const entry of await look.entries(folder)) {
      await note(look, { path: `${folder}/${entry.name}`, entry }, { found, ending })
    }
  }
  return found
}

interface Placed {
  readonly path: string
  readonly entry: Entry
}

interface Noting {
  readonly found: Found
  readonly ending: string
}

/** Notes what one entry of a folder of units says. */
async function note(look: Look, { path, entry }: Placed, { found, ending }: Noting): Promise<void> {
  const { name } = entry
  const { files, wanted, additions } = found
  if (/\.(?:wants|requires|upholds)$/.test(name)) {
    for (const each of await look.entries(path)) if (each.name.endsWith(ending)) wanted.add(each.name)
  } else if (name.endsWith(`${ending}.d`)) {
    const unit = name.slice(0, -'.d'.length)
    additions.set(unit, [...(additions.get(unit) ?? []), path])
  } else if (name.endsWith(ending) && !files.has(name)) {
    const alias = await aliasedBy(look, path, entry)
    if (alias === undefined) files.set(name, path)
    else if (isOfAdmin(path)) wanted.add(alias)
  }
}

/** Other names are given to a unit when it is enabled; those of a vendor stand in its own folders. */
function isOfAdmin(path: string): boolean {
  return path.startsWith('/etc/') || path.includes('/.config/')
}

/** The unit for which a link is only another name. */
async function aliasedBy(look: Look, path: string, { name, kind }: Entry): Promise<string | undefined> {
  if (kind !== 'link') return undefined
  const target = await look.tree.linkAt(path).catch(() => undefined)
  const other = target === undefined ? name : nameOf(target)
  const isAlias = other !== name && /\.[a-z]+$/.exec(other)?.[0] === /\.[a-z]+$/.exec(name)?.[0]
  return isAlias && templateOf(name) !== other ? other : undefined
}

async function unitOf(look: Look, name: string, found: Found): Promise<Unit | undefined> {
  const template = templateOf(name)
  const path = found.files.get(name) ?? (template === undefined ? undefined : found.files.get(template))
  if (path === undefined) return undefined
  const isEnabled = found.wanted.has(name)
  const real = await look.tree.real(path).catch(() => path)
  const told = { name: textOf(name), file: textOf(real), isEnabled }
  if (real === '/dev/null') return { ...told, file: textOf(path), settings: new Map(), isMasked: true }
  const file = await look.file(path)
  if (file === undefined) return undefined
  if (file.bytes.length === 0 && file.isWhole) return { ...told, settings: new Map(), isMasked: true }
  const folders = [template, name].flatMap((each) =>
    each === undefined ? [] : (found.additions.get(each) ?? []),
  )
  const texts = [textOfFile(file), ...(await addedTexts(look, folders))]
  return { ...told, settings: unitSettings(texts), isMasked: false }
}

// Limit: files that add to a unit are read from its own `.d` folders, not from those of its type or of a prefix of its name.
/** Of files with one name that of the first folder wins; then they count in the order of their names. */
async function addedTexts(look: Look, folders: readonly string[]): Promise<readonly string[]> {
  const files = new Map<string, string>()
  for (const folder of folders) {
    for (const { name } of await look.entries(folder)) {
      if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${folder}/${name}`)
    }
  }
  const texts: string[] = []
  for (const [, path] of [...files].sort(([left], [right]) => (left < right ? -1 : 1)))
    texts.push(await look.text(path))
  return texts
}

/** `getty@tty1.service` is made from `getty@.service`. */
export function templateOf(name: string): string | undefined {
  const found = /^([^@]+@)[^@].*(\.[a-z]+)$/.exec(name)
  return found === null ? undefined : `${found[1]}${found[2]}`
}
