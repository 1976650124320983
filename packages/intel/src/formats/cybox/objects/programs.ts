import type { ByteTest, FactOf } from '../../lowering/byte-facts.ts'
import {
  peEach,
  peNamed,
  peNumber,
  peResource,
  peSigner,
  peText,
  peTime,
  peWords,
} from '../../lowering/pe-facts.ts'
import { type ContentRow, inFile, type KnownField, type ObjectRows, unseen } from './rows.ts'

/** CybOX writes most numbers of the headers in hexadecimal, with or without `0x`. */
function hex(fact: FactOf): FactOf {
  return (test) => fact({ ...test, text: asHex(test.text.trim()) })
}

function asHex(text: string): string {
  return /^[0-9a-f]{1,16}$/i.test(text) ? `0x${text}` : text
}

const number = (read: string): ContentRow => inFile(peNumber(read), read)
const hexNumber = (read: string): ContentRow => inFile(hex(peNumber(read)), read)

/** A time, or the number that stands in the header. */
function stamp(read: string): ContentRow {
  const [time, bare] = [peTime(read), hex(peNumber(read))]
  const isBare = ({ text }: ByteTest) => /^(?:0x)?[0-9a-f]{1,8}$/i.test(text.trim())
  return inFile((test) => (isBare(test) ? bare(test) : time(test)), read)
}

// Limit: fields of one section or import in CybOX are compared with any section or import of the file, each for itself.
const inSection = (read: string): ContentRow =>
  inFile(peEach('pe.sections', read, 'number'), `pe.sections[*].${read}`)
const hexInSection = (read: string): ContentRow =>
  inFile(hex(peEach('pe.sections', read, 'number')), `pe.sections[*].${read}`)

/** Entropy has decimals, which numbers of headers have not. */
function entropy(test: ByteTest) {
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

function sectionHash(algorithm: string): FactOf {
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
export const imphash: ContentRow = inFile(({ comparison, text }) => {
  const value = text.trim().toLowerCase()
  if (comparison !== 'is' || !/^[0-9a-f]{32}$/.test(value))
    return { flaw: 'the import hash is not a whole one' }
  return { modules: ['pe'], condition: () => `pe.is_pe and pe.imphash() == "${value}"` }
}, 'pe.imphash()')

const exportOrdinal: FactOf = (test) => {
  const isNumber = test.comparison === 'is' && /^\d{1,5}$/.test(test.text.trim())
  if (!isNumber) return { flaw: 'the ordinal is no number' }
  return { modules: ['pe'], condition: () => `pe.is_pe and pe.exports(${test.text.trim()})` }
}

const directories = {
  Export_Table: 'EXPORT',
  Import_Table: 'IMPORT',
  Resource_Table: 'RESOURCE',
  Exception_Table: 'EXCEPTION',
  Certificate_Table: 'SECURITY',
  Base_Relocation_Table: 'BASERELOC',
  Debug: 'DEBUG',
  Architecture: 'ARCHITECTURE',
  Global_Ptr: 'GLOBALPTR',
  TLS_Table: 'TLS',
  Load_Config_Table: 'LOAD_CONFIG',
  Bound_Import: 'BOUND_IMPORT',
  Import_Address_Table: 'IAT',
  Delay_Import_Descriptor: 'DELAY_IMPORT',
  CLR_Runtime_Header: 'COM_DESCRIPTOR',
} as const

function directory(name: string, entry: string): Readonly<Record<string, KnownField>> {
  const read = `pe.data_directories[pe.IMAGE_DIRECTORY_ENTRY_${entry}]`
  const prefix = `Headers/Optional_Header/Data_Directory/${name}`
  return {
    [`${prefix}/Virtual_Address`]: hexNumber(`${read}.virtual_address`),
    [`${prefix}/Size`]: hexNumber(`${read}.size`),
  }
}

/** The optional header's fields by what the module `pe` calls them. */
const optional: Readonly<Record<string, string>> = {
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

const versionKeys =
  `Comments CompanyName FileDescription FileVersion InternalName LangID LegalCopyright LegalTrademarks
  OriginalFilename PrivateBuild ProductName ProductVersion SpecialBuild`.split(/\s+/)

function resource(element: string): Readonly<Record<string, KnownField>> {
  const prefix = `Resources/${element}`
  return {
    [`${prefix}/Name`]: inFile(peResource('name'), 'pe.resources[*].name'),
    [`${prefix}/Type`]: inFile(peResource('type'), 'pe.resources[*].type'),
    [`${prefix}/Size`]: inFile(peEach('pe.resources', 'length', 'number'), 'pe.resources[*].length'),
    [`${prefix}/Language`]: inFile(peEach('pe.resources', 'language', 'number'), 'pe.resources[*].language'),
    ...Object.fromEntries(
      versionKeys.map((key) => {
        const read = `pe.version_info["${key}"]`
        return [`${prefix}/${key}`, inFile(peText(read), read)]
      }),
    ),
  }
}

const analysis = 'this is found by analysing a program, which no endpoint does'

/** Who signed a program. */
export const signatures = (prefix: string): Readonly<Record<string, KnownField>> => ({
  [`${prefix}/Certificate_Issuer`]: inFile(peSigner('issuer'), 'pe.signatures[*].issuer'),
  [`${prefix}/Certificate_Subject`]: inFile(peSigner('subject'), 'pe.signatures[*].subject'),
  [`${prefix}/Signature_Description`]: unseen('what a signature says of itself is not read'),
})

export const programObjects: ObjectRows = {
  WindowsExecutableFileObjectType: {
    object: 'file',
    base: 'WindowsFileObjectType',
    fields: {
      Type: inFile(
        peWords({
          Executable: 'pe.characteristics & pe.DLL == 0',
          Dll: 'pe.characteristics & pe.DLL != 0',
        }),
        'pe.characteristics',
      ),
      Extraneous_Bytes: number('pe.overlay.size'),
      'Headers/File_Header/Machine': hexNumber('pe.machine'),
      'Headers/File_Header/Number_Of_Sections': number('pe.number_of_sections'),
      'Headers/File_Header/Time_Date_Stamp': stamp('pe.timestamp'),
      'Headers/File_Header/Pointer_To_Symbol_Table': hexNumber('pe.pointer_to_symbol_table'),
      'Headers/File_Header/Number_Of_Symbols': number('pe.number_of_symbols'),
      'Headers/File_Header/Size_Of_Optional_Header': hexNumber('pe.size_of_optional_header'),
      'Headers/File_Header/Characteristics': hexNumber('pe.characteristics'),
      ...Object.fromEntries(
        Object.entries(optional).map(([field, read]) => [
          `Headers/Optional_Header/${field}`,
          hexNumber(`pe.${read}`),
        ]),
      ),
      ...Object.assign({}, ...Object.entries(directories).map(([name, entry]) => directory(name, entry))),
      'Headers/*': unseen('this part of the headers is not read'),
      'PE_Checksum/PE_File_Raw': hexNumber('pe.checksum'),
      'PE_Checksum/PE_File_API': hexNumber('pe.checksum'),
      'PE_Checksum/PE_Computed_API': hexNumber('pe.calculate_checksum()'),
      'Sections/Section/Section_Header/Name': inFile(
        peEach('pe.sections', 'name', 'text'),
        'pe.sections[*].name',
      ),
      'Sections/Section/Section_Header/Virtual_Size': hexInSection('virtual_size'),
      'Sections/Section/Section_Header/Virtual_Address': hexInSection('virtual_address'),
      'Sections/Section/Section_Header/Size_Of_Raw_Data': hexInSection('raw_data_size'),
      'Sections/Section/Section_Header/Pointer_To_Raw_Data': hexInSection('raw_data_offset'),
      'Sections/Section/Section_Header/Number_Of_Relocations': inSection('number_of_relocations'),
      'Sections/Section/Section_Header/Characteristics': hexInSection('characteristics'),
      'Sections/Section/Entropy/Value': inFile(entropy, 'math.entropy of a section'),
      'Sections/Section/Data_Hashes/Hash/md5': inFile(sectionHash('md5'), 'hash.md5 of a section'),
      'Sections/Section/Data_Hashes/Hash/sha1': inFile(sectionHash('sha1'), 'hash.sha1 of a section'),
      'Sections/Section/Data_Hashes/Hash/sha256': inFile(sectionHash('sha256'), 'hash.sha256 of a section'),
      'Imports/Import/File_Name': inFile(
        peNamed((name) => `pe.imports(${name}, /./) > 0`),
        'pe.imports',
      ),
      'Imports/Import/Imported_Functions/Imported_Function/Function_Name': inFile(
        peNamed((name) => `pe.imports(/./, ${name}) > 0`),
        'pe.imports',
      ),
      'Exports/Name': inFile(peText('pe.dll_name'), 'pe.dll_name'),
      'Exports/Exports_Time_Stamp': stamp('pe.export_timestamp'),
      'Exports/Number_Of_Functions': number('pe.number_of_exports'),
      'Exports/Exported_Functions/Exported_Function/Function_Name': inFile(
        peNamed((name) => `pe.exports(${name})`),
        'pe.exports',
      ),
      'Exports/Exported_Functions/Exported_Function/Ordinal': inFile(exportOrdinal, 'pe.exports'),
      ...resource('Resource'),
      ...resource('VersionInfoResource'),
      ...signatures('Digital_Signature'),
      'Build_Information/*': unseen(analysis),
      'Sections/*': unseen(analysis),
      'Imports/*': unseen('imports are compared by their names'),
      'Exports/*': unseen('exports are compared by their names and ordinals'),
      'Resources/*': unseen('of resources only name, type, size and language are read'),
    },
  },
}
