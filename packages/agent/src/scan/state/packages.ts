import type { Observed } from '@tocsin/engine'
import { known } from '@tocsin/model'
import { textField } from './fields.ts'
import type { Look } from './look.ts'
import { observed, type StateProvider } from './provider.ts'
import { readRows } from './read-rows.ts'
import { rpmPackage } from './rpm-header.ts'
import { stanzas } from './stanzas.ts'

const largest = 128 << 20
const dpkgFile = '/var/lib/dpkg/status'
const dpkgFolder = '/var/lib/dpkg/status.d'
const apkFiles: readonly string[] = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']
const pacmanFolder = '/var/lib/pacman/local'
const rpmFiles: readonly string[] = ['/usr/lib/sysimage/rpm/rpmdb.sqlite', '/var/lib/rpm/rpmdb.sqlite']

interface Package {
  /** The same on each pass. */
  readonly key: string
  readonly name: string
  readonly version: string | undefined
  readonly architecture: string | undefined
  readonly publisher: string | undefined
}

// Limit: of rpm's databases the one of SQLite is read, not those of Berkeley DB and NDB; snaps and flatpaks are not told.
export const packages: StateProvider = {
  object: 'package',
  sources: {
    'package.name': 'databases of dpkg, apk, pacman and rpm (SQLite)',
    'package.version': 'as the package manager writes it, with epoch and release',
    'package.architecture': 'as the package manager writes it',
    'package.publisher': 'Maintainer of dpkg and apk, packager of pacman, vendor of rpm',
  },
  async *read(look) {
    let hasDatabase = false
    for (const packagesIn of [dpkgPackages, apkPackages, pacmanPackages, rpmPackages]) {
      for await (const found of packagesIn(look)) {
        hasDatabase = true
        yield packageObject(found)
      }
    }
    if (hasDatabase) return
    look.missed('no package database')
    for (const property of Object.keys(packages.sources))
      look.unknown(property, 'no database of dpkg, apk, pacman or rpm (SQLite) can be read')
  },
}

function packageObject({ key, name, version, architecture, publisher }: Package): Observed {
  return observed('package', key, {
    'package.name': known(name),
    'package.version': textField(version),
    'package.architecture': textField(architecture),
    'package.publisher': textField(publisher),
  })
}

async function* dpkgPackages(look: Look): AsyncIterable<Package> {
  const files = [dpkgFile]
  for (const { name } of await look.entries(dpkgFolder))
    if (!name.endsWith('.md5sums')) files.push(`${dpkgFolder}/${name}`)
  for (const path of files) {
    const wanted = ['Package', 'Status', 'Version', 'Architecture', 'Maintainer']
    for (const stanza of stanzas(await look.text(path, largest), wanted)) {
      const { Package: name, Status: status, Version, Architecture, Maintainer } = stanza
      if (name === undefined || (status !== undefined && !status.endsWith(' installed'))) continue
      const key = `dpkg:${name}:${Architecture ?? ''}`
      yield { key, name, version: Version, architecture: Architecture, publisher: Maintainer }
    }
  }
}

async function* apkPackages(look: Look): AsyncIterable<Package> {
  const files = new Set<string>() // /lib is often a link to /usr/lib
  for (const path of apkFiles) files.add(await look.tree.real(path).catch(() => path))
  for (const path of files) {
    for (const { P, V, A, m } of stanzas(await look.text(path, largest), ['P', 'V', 'A', 'm'])) {
      if (P !== undefined) yield { key: `apk:${P}`, name: P, version: V, architecture: A, publisher: m }
    }
  }
}

async function* pacmanPackages(look: Look): AsyncIterable<Package> {
  for (const { name: folder, kind } of await look.entries(pacmanFolder)) {
    if (kind !== 'folder') continue
    const lines = (await look.text(`${pacmanFolder}/${folder}/desc`)).split('\n')
    const of = (field: string) => (lines.includes(field) ? lines[lines.indexOf(field) + 1] : undefined)
    const name = of('%NAME%')
    if (name === undefined) continue
    const facts = { version: of('%VERSION%'), architecture: of('%ARCH%'), publisher: of('%PACKAGER%') }
    yield { key: `pacman:${name}`, name, ...facts }
  }
}

/** One package may be installed in several versions. */
async function* rpmPackages(look: Look): AsyncIterable<Package> {
  for (const path of rpmFiles) {
    const found = await readRows(look.tree, path, {
      name: 'Packages',
      columns: ['blob'],
      item: ({ blob }) => (blob instanceof Uint8Array ? rpmPackage(Buffer.from(blob)) : undefined),
    })
    if (found.kind === 'none') {
      if (found.why !== 'missing') look.missed(`rpm: ${found.why}`)
      continue
    }
    if (!found.isWhole) look.missed('rpm: not all rows')
    for (const { name, version, architecture, vendor } of found.items)
      yield { key: `rpm:${name}-${version}.${architecture}`, name, version, architecture, publisher: vendor }
    return
  }
}
