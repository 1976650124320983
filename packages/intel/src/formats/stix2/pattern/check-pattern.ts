import {
  type ObjectPath,
  type ObservationExpression,
  observationsOf,
  type PatternProblem,
  testsOf,
} from './ast.ts'

/** How many hexadecimal digits a hash of this name has. */
const digits: ReadonlyMap<string, number> = new Map([
  ['md5', 32],
  ['sha1', 40],
  ['ripemd160', 40],
  ['sha224', 56],
  ['sha256', 64],
  ['sha3224', 56],
  ['sha3256', 64],
  ['sha384', 96],
  ['sha3384', 96],
  ['sha512', 128],
  ['sha3512', 128],
])

/** What a pattern says well but can never have meant. */
export function checkPattern(pattern: ObservationExpression): readonly PatternProblem[] {
  const tests = observationsOf(pattern).flatMap(({ comparison }) => testsOf(comparison))
  return tests.flatMap((test): readonly PatternProblem[] => {
    const name = hashNameOf(test.path)
    const length = name === undefined ? undefined : digits.get(normalHashName(name))
    if (test.kind === 'exists' || length === undefined) return []
    if (test.operator !== '=' && test.operator !== '!=' && test.operator !== 'IN') return []
    const wrong = test.constants.find(
      (constant) =>
        constant.kind !== 'text' || constant.value.length !== length || !/^[0-9a-f]*$/i.test(constant.value),
    )
    if (wrong === undefined) return []
    const shown = wrong.kind === 'text' ? wrong.value.slice(0, 40) : wrong.kind
    const message = `“${shown}” is no ${name} hash`
    return [{ code: 'ST2013', severity: 'warning', message, place: test.place }]
  })
}

/** Writers spell the same hash MD5, md5, SHA-256, sha256 …. */
export function normalHashName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '')
}

function hashNameOf({ steps }: ObjectPath): string | undefined {
  const [last, above] = [steps.at(-1), steps.at(-2)]
  return above?.kind === 'key' && above.key === 'hashes' && last?.kind === 'key' ? last.key : undefined
}
