import type { FactOf } from '../../lowering/byte-facts.ts'
import { peEach, peNamed, peNumber, peResource, peSigner, peText, peWords } from '../../lowering/pe-facts.ts'
import {
  importHash,
  inHex,
  optionalHeader,
  peStamp,
  sectionEntropy,
  sectionHash,
} from '../../lowering/program-facts.ts'
import { type ContentRow, inFile, type KnownField, type ObjectRows, unseen } from './rows.ts'

const number = (read: string): ContentRow => inFile(peNumber(read), read)
const hexNumber = (read: string): ContentRow => inFile(inHex(peNumber(read)), read)

// Limit: fields of one section or import in CybOX are compared with any section or import of the file, each for itself.
const inSection = (read: string): ContentRow =>
  inFile(peEach('pe.sections', read, 'number'), `pe.sections[*].${read}`)
const hexInSection = (read: string): ContentRow =>
  inFile(inHex(peEach('pe.sections', read, 'number')), `pe.sections[*].${read}`)

export const imphash: ContentRow = inFile(importHash, 'pe.imphash()')

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
      'Headers/File_Header/Time_Date_Stamp': inFile(peStamp('pe.timestamp'), 'pe.timestamp'),
      'Headers/File_Header/Pointer_To_Symbol_Table': hexNumber('pe.pointer_to_symbol_table'),
      'Headers/File_Header/Number_Of_Symbols': number('pe.number_of_symbols'),
      'Headers/File_Header/Size_Of_Optional_Header': hexNumber('pe.size_of_optional_header'),
      'Headers/File_Header/Characteristics': hexNumber('pe.characteristics'),
      ...Object.fromEntries(
        Object.entries(optionalHeader).map(([field, read]) => [
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
      'Sections/Section/Entropy/Value': inFile(sectionEntropy, 'math.entropy of a section'),
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
      'Exports/Exports_Time_Stamp': inFile(peStamp('pe.export_timestamp'), 'pe.export_timestamp'),
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
