import type { ByteTest, FactOf, Flaw } from './byte-facts.ts'
import type { ContentFact } from './content-rule.ts'
import { peNumber, peTime } from './pe-facts.ts'

/** A number of the headers that is written in hexadecimal, with or without `0x`. */
export function inHex(fact: FactOf): FactOf {
  return (test) => fact({ ...test, text: asHex(test.text.trim()) })
}

function asHex(text: string): string {
  return /^[0-9a-f]{1,16}$/i.test(text) ? `0x${text}` : text
}

/** A time, or the number that stands in the header. */
export function peStamp(read: string): FactOf {
  const [time, bare] = [peTime(read), inHex(peNumber(read))]
  return (test) => (/^(?:0x)?[0-9a-f]{1,8}$/i.test(test.text.trim()) ? bare(test) : time(test))
}

/** Entropy has decimals, which numbers of headers have not. */
export function sectionEntropy(test: ByteTest): ContentFact | Flaw {
  const scaled = test.text.trim().split(/ TO /)
  if (!scaled.every((text) => /^\d(?:\.\d{1,9})?$/.test(text.trim())))
    return { flaw: 'the entropy is no number up to 8' }
  const measured = 'math.entropy(e.raw_data_offset, e.raw_data_size)'
  const expression = decimalTest(measured, test, scaled.map(Number))
  return typeof expression === 'string'
    ? {
        modules: ['pe', 'math'],
        condition: () => `pe.is_pe and for any e in pe.sections : (e.raw_data_size > 0 and ${expression})`,
      }
    : expression
}

const operators: Partial<Readonly<Record<ByteTest['comparison'], string>>> = {
  greater: '>',
  less: '<',
  'at least': '>=',
  'at most': '<=',
}

/** Entropy is measured to more decimals than anybody writes: what is equal begins with the same ones. */
function decimalTest(read: string, { comparison, text }: ByteTest, [low = 0, high]: readonly number[]) {
  const decimal = (value: number) => value.toFixed(9)
  if (high !== undefined) return `${read} >= ${decimal(low)} and ${read} <= ${decimal(high)}`
  const operator = operators[comparison]
  if (operator !== undefined) return `${read} ${operator} ${decimal(low)}`
  if (comparison !== 'is') return { flaw: `"${comparison}" does not compare numbers` }
  const half = 0.5 / 10 ** (text.trim().split('.')[1]?.length ?? 0)
  return `${read} >= ${decimal(Math.max(0, low - half))} and ${read} <= ${decimal(low + half)}`
}

export function sectionHash(algorithm: string): FactOf {
  return ({ comparison, text }) => {
    if (comparison !== 'is' || !/^[0-9a-f]{32,64}$/i.test(text.trim()))
      return { flaw: 'the hash is not a whole one' }
    const read = `hash.${algorithm}(e.raw_data_offset, e.raw_data_size)`
    return {
      modules: ['pe', 'hash'],
      condition: () =>
        `pe.is_pe and for any e in pe.sections : (e.raw_data_size > 0 and ${read} == "${text.trim().toLowerCase()}")`,
    }
  }
}

/** The hash over a program's imports. */
export const importHash: FactOf = ({ comparison, text }) => {
  const value = text.trim().toLowerCase()
  if (comparison !== 'is' || !/^[0-9a-f]{32}$/.test(value))
    return { flaw: 'the import hash is not a whole one' }
  return { modules: ['pe'], condition: () => `pe.is_pe and pe.imphash() == "${value}"` }
}

/** The optional header's fields, as Microsoft calls them, by what the module `pe` calls them. */
export const optionalHeader: Readonly<Record<string, string>> = {
  Magic: 'opthdr_magic',
  Major_Linker_Version: 'linker_version.major',
  Minor_Linker_Version: 'linker_version.minor',
  Size_Of_Code: 'size_of_code',
  Size_Of_Initialized_Data: 'size_of_initialized_data',
  Size_Of_Uninitialized_Data: 'size_of_uninitialized_data',
  Address_Of_Entry_Point: 'entry_point_raw',
  Base_Of_Code: 'base_of_code',
  Base_Of_Data: 'base_of_data',
  Image_Base: 'image_base',
  Section_Alignment: 'section_alignment',
  File_Alignment: 'file_alignment',
  Major_OS_Version: 'os_version.major',
  Minor_OS_Version: 'os_version.minor',
  Major_Image_Version: 'image_version.major',
  Minor_Image_Version: 'image_version.minor',
  Major_Subsystem_Version: 'subsystem_version.major',
  Minor_Subsystem_Version: 'subsystem_version.minor',
  Win32_Version_Value: 'win32_version_value',
  Size_Of_Image: 'size_of_image',
  Size_Of_Headers: 'size_of_headers',
  Checksum: 'checksum',
  Subsystem: 'subsystem',
  DLL_Characteristics: 'dll_characteristics',
  Size_Of_Stack_Reserve: 'size_of_stack_reserve',
  Size_Of_Stack_Commit: 'size_of_stack_commit',
  Size_Of_Heap_Reserve: 'size_of_heap_reserve',
  Size_Of_Heap_Commit: 'size_of_heap_commit',
  Loader_Flags: 'loader_flags',
  Number_Of_Rva_And_Sizes: 'number_of_rva_and_sizes',
}
