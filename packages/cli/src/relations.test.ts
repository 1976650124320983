import { type IntelDocument, readIntel } from '@tocsin/intel'
import { expect, test } from 'vitest'
import { withRelations } from './relations.ts'

const yara = { validate: () => ({ accepted: true, problems: [] }) }

function checked(files: Readonly<Record<string, string>>) {
  return Object.entries(files).map(([file, text]) => ({
    file,
    reading: readIntel(new TextEncoder().encode(text), { fileName: file, name: file }, { yara }),
  }))
}

function said(files: Readonly<Record<string, string>>) {
  return withRelations(checked(files)).flatMap(({ file, reading }) =>
    reading.diagnostics.map(({ code, severity, message, hint }) => ({ file, code, severity, message, hint })),
  )
}

test('of two documents one of which matches less, each says so, with what both match', () => {
  const files = {
    'narrow.signal': "process.path ends with '/dropper' AND process.user_name is 'root'",
    'wide.signal': "process.path contains 'drop'",
  }
  const hint = 'both match process.path “/dropper”, process.user_name “root”, process.name “dropper”'
  expect(said(files)).toEqual([
    {
      file: 'narrow.signal',
      code: 'CHK009',
      severity: 'warning',
      message: 'everything that this matches, wide.signal matches too',
      hint,
    },
    {
      file: 'wide.signal',
      code: 'CHK009',
      severity: 'note',
      message: 'everything that narrow.signal matches, this matches too',
      hint,
    },
  ])
})

test('documents that match the same say so, whatever the order of their terms', () => {
  const files = {
    'one.signal': "process.name is 'ncat' AND process.user_name is 'root'",
    'two.signal': "process.user_name is 'ROOT' AND process.name is 'ncat'",
  }
  expect(said(files).map(({ file, code }) => `${file} ${code}`)).toEqual([
    'one.signal CHK008',
    'two.signal CHK008',
  ])
})

test('documents that have nothing to do with each other, and those that were refused, say nothing', () => {
  const [one, other] = checked({
    'one.signal': "process.name is 'ncat'",
    'other.signal': "process.name is 'socat'",
  })
  const refused: { file: string; reading: { kind: null; document?: IntelDocument; diagnostics: [] } } = {
    file: 'refused',
    reading: { kind: null, diagnostics: [] },
  }
  expect(withRelations([one, other, refused].flatMap((each) => each ?? []))).toEqual([one, other, refused])
})
