import { stringInFile } from '../../lowering/string-facts.ts'
import { content, type Entry, spelled, type TermGroup } from './entry.ts'
import { peGroup } from './pe.ts'

const stringMatches = `StringMatchList/StringMatch/StringsBefore/string
  StringMatchList/StringMatch/StringsAfter/string`

/** What is not known of any file, whatever names it. */
const missingOfFile = {
  analysis: 'detectedAnomaly PeakEntropy PeakCodeEntropy',
  attributes: 'FileAttributes',
  devices: 'DevicePath',
  ids: 'SecurityID SecurityType GroupID',
  ntfs: 'FilenameCreated FilenameModified FilenameAccessed FilenameChanged Entry',
  streams: `StreamList/Stream/SizeInBytes StreamList/Stream/Name StreamList/Stream/Md5sum
    StreamList/Stream/Sha1sum StreamList/Stream/Sha256sum`,
} as const

const signature = `DigitalSignature/SignatureVerified
  DigitalSignature/CertificateSubject DigitalSignature/CertificateIssuer DigitalSignature/CertificateChain
  DigitalSignature/Description`

export const fileGroups: readonly TermGroup[] = [
  {
    prefix: 'FileItem',
    object: 'file',
    from: 'either',
    terms: {
      FullPath: 'file.path',
      FilePath: ['file.directory', 'folder'],
      FileName: 'file.name',
      FileExtension: ['file.extension', 'extension'],
      Drive: ['file.path', 'drive'],
      SizeInBytes: 'file.size',
      Md5sum: 'file.md5',
      Sha1sum: 'file.sha1',
      Sha256sum: 'file.sha256',
      Created: 'file.created',
      Modified: 'file.modified',
      Accessed: 'file.accessed',
      Changed: 'file.changed',
      Username: 'file.owner',
      Group: 'file.group',
      Permissions: spelled('file.mode', octalMode),
      INode: 'file.inode',
      'DigitalSignature/SignatureExists': 'file.signed',
      'StringList/string': content(stringInFile),
      'StringMatchList/StringMatch/MatchedString': content(stringInFile),
    },
    missing: {
      ...missingOfFile,
      certificates: signature,
      analysis: `${missingOfFile.analysis} ${stringMatches}`,
    },
  },
  peGroup('FileItem'),
  {
    prefix: 'PersistenceItem/FileItem',
    object: 'persistence',
    from: 'either',
    apart: 'persistence',
    terms: {
      FullPath: 'persistence.path',
      FilePath: ['persistence.path', 'folder of file'],
      FileName: ['persistence.path', 'file name'],
      FileExtension: ['persistence.path', 'file extension'],
      Drive: ['persistence.path', 'drive'],
    },
    missing: { ...missingOfFile, facts: 'SizeInBytes Created Modified Accessed Changed Username INode' },
  },
  peGroup('PersistenceItem/FileItem', 'PersistenceItem'),
  hashesOfFile('PersistenceItem/FileItem', [''], ['Md5sum', 'Sha1sum', 'Sha256sum']),
  hashesOfFile('PersistenceItem', [
    'ServiceItem/path',
    'ServiceItem/serviceDLL',
    '',
    'pathAttributes/',
    'path',
    'serviceDLL',
  ]),
  hashesOfFile('ServiceItem', ['path', 'serviceDLL', '']),
  hashesOfFile('TaskItem', ['']),
  hashesOfFile('TaskItem/ActionList/Action', ['ExecProgram'], ['Md5sum', 'Sha1sum', 'Sha256sum']),
  hashesOfFile('ProcessItem/SectionList/MemorySection', [''], ['Md5sum', 'Sha1sum', 'Sha256sum']),
  peGroup('DriverItem', 'DriverItem'),
  {
    prefix: 'DriverItem',
    object: 'file',
    from: 'either',
    apart: 'DriverItem',
    terms: { 'StringList/string': content(stringInFile) },
  },
]

/** A file that an entry names: it is looked for on the endpoint by its hash, whatever the entry is. */
function hashesOfFile(
  prefix: string,
  names: readonly string[],
  sums: readonly string[] = ['md5sum', 'sha1sum', 'sha256sum'],
): TermGroup {
  const terms = names.flatMap((name) =>
    sums.map((sum): [string, Entry] => [`${name}${sum}`, `file.${sum.toLowerCase().replace('sum', '')}`]),
  )
  return { prefix, object: 'file', from: 'either', apart: prefix, terms: Object.fromEntries(terms) }
}

/** `rw-r--r--` and `644` as `0644`. */
function octalMode(text: string): string {
  if (/^[0-7]{3}$/.test(text)) return `0${text}`
  const letters = /^[-dlcbps]?([-r][-w][-x]){3}$/.test(text) ? text.slice(-9) : undefined
  if (letters === undefined) return text
  const digits = [0, 3, 6].map((at) =>
    [...letters.slice(at, at + 3)].reduce((sum, letter, bit) => sum + (letter === '-' ? 0 : 4 >> bit), 0),
  )
  return `0${digits.join('')}`
}
