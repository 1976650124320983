import { type FactOf, numberTest } from './byte-facts.ts'

const versions = ['1.0', '1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7', '2.0']

/** The header names the version; of an order all versions are tried that there are. */
export const pdfVersion: FactOf = ({ comparison, text }) => {
  const wanted = Number(text.trim())
  if (!/^\d\.\d$/.test(text.trim())) return { flaw: `"${text.slice(0, 40)}" is no version of PDF` }
  const compare: Partial<Readonly<Record<typeof comparison, (value: number) => boolean>>> = {
    is: (value) => value === wanted,
    greater: (value) => value > wanted,
    less: (value) => value < wanted,
    'at least': (value) => value >= wanted,
    'at most': (value) => value <= wanted,
  }
  const isMet = compare[comparison]
  const met = isMet === undefined ? [] : versions.filter((each) => isMet(Number(each)))
  if (met.length === 0) return { flaw: 'no version of PDF is like that' }
  const alternatives = met.map((each) => each.replace('.', '\\.')).join('|')
  return { strings: [`/%PDF-(${alternatives})/`], condition: ([name = '$s0']) => `${name} in (0..1024)` }
}

/** How often a name stands in a document, written out. */
export function pdfNameCount(name: string): FactOf {
  return (test) => {
    const expression = numberTest('#s1', test)
    if (typeof expression !== 'string') return expression
    return {
      strings: ['"%PDF-"', `/\\/${name}[^A-Za-z0-9]/`],
      condition: ([head = '$s0']) => `${head} in (0..1024) and ${expression}`,
    }
  }
}
