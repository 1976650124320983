import {
  peEach,
  peFlag,
  peNamed,
  peNumber,
  peResource,
  peSigner,
  peText,
  peTime,
  peWords,
} from '../../lowering/pe-facts.ts'
import type { ContentWay, TermGroup } from './entry.ts'
import { content } from './entry.ts'

const versionKeys = [
  'Comments',
  'CompanyName',
  'FileDescription',
  'FileVersion',
  'InternalName',
  'LegalCopyright',
  'LegalTrademarks',
  'OriginalFilename',
  'PrivateBuild',
  'ProductName',
  'ProductVersion',
  'SpecialBuild',
] as const

const subsystems = {
  Unknown: 'UNKNOWN',
  Native: 'NATIVE',
  'Windows GUI': 'WINDOWS_GUI',
  'Windows CUI': 'WINDOWS_CUI',
  'OS2 CUI': 'OS2_CUI',
  'Posix CUI': 'POSIX_CUI',
  'Native Windows': 'NATIVE_WINDOWS',
  'Windows CE GUI': 'WINDOWS_CE_GUI',
  'EFI Application': 'EFI_APPLICATION',
  'EFI Boot Service Driver': 'EFI_BOOT_SERVICE_DRIVER',
  'EFI Runtime Driver': 'EFI_RUNTIME_DRIVER',
  Xbox: 'XBOX',
  'Windows Boot Application': 'WINDOWS_BOOT_APPLICATION',
} as const

const subsystemTests = Object.entries(subsystems).map(([word, name]) => [
  word,
  `pe.subsystem == pe.SUBSYSTEM_${name}`,
])

/** What the headers of programs for Windows say, read by YARA's module `pe`. */
const facts: Readonly<Record<string, ContentWay>> = {
  Type: content(
    peWords({
      Executable: 'pe.characteristics & pe.DLL == 0',
      DLL: 'pe.characteristics & pe.DLL != 0',
      Driver: 'pe.subsystem == pe.SUBSYSTEM_NATIVE',
    }),
  ),
  Subsystem: content(peWords(Object.fromEntries(subsystemTests))),
  BaseAddress: content(peNumber('pe.image_base')),
  PETimeStamp: content(peTime('pe.timestamp')),
  'PEChecksum/PEFileRaw': content(peNumber('pe.checksum')),
  'PEChecksum/PEFileAPI': content(peNumber('pe.checksum')),
  'PEChecksum/PEComputedAPI': content(peNumber('pe.calculate_checksum()')),
  ExtraneousBytes: content(peNumber('pe.overlay.size')),
  'Sections/NumberOfSections': content(peNumber('pe.number_of_sections')),
  'Sections/Section/Name': content(peEach('pe.sections', 'name', 'text')),
  'Sections/Section/SizeInBytes': content(peEach('pe.sections', 'raw_data_size', 'number')),
  'ImportedModules/Module/Name': content(peNamed((pattern) => `pe.imports(${pattern}, /./) > 0`)),
  'ImportedModules/Module/NumberOfFunctions': content(
    peEach('pe.import_details', 'number_of_functions', 'number'),
  ),
  'ImportedModules/Module/ImportedFunctions/string': content(
    peNamed((pattern) => `pe.imports(/./, ${pattern}) > 0`),
  ),
  'Exports/ExportsTimeStamp': content(peTime('pe.export_timestamp')),
  'Exports/NumberOfFunctions': content(peNumber('pe.number_of_exports')),
  'Exports/DllName': content(peText('pe.dll_name')),
  'Exports/ExportedFunctions/string': content(peNamed((pattern) => `pe.exports(${pattern})`)),
  'DetectedAnomalies/string': content(
    peWords({
      checksum_is_zero: 'pe.checksum == 0',
      checksum_mismatch: 'pe.checksum != 0 and pe.checksum != pe.calculate_checksum()',
      contains_eof_data: 'pe.overlay.size > 0',
    }),
  ),
  'DigitalSignature/SignatureExists': content(peFlag('for any e in pe.signatures : (e.version >= 0)')),
  'DigitalSignature/CertificateIssuer': content(peSigner('issuer')),
  'DigitalSignature/CertificateSubject': content(peSigner('subject')),
  'ResourceInfoList/ResourceInfoItem/Name': content(peResource('name')),
  'ResourceInfoList/ResourceInfoItem/Type': content(peResource('type')),
  'ResourceInfoList/ResourceInfoItem/Size': content(peEach('pe.resources', 'length', 'number')),
  'ResourceInfoList/ResourceInfoItem/Language': content(peEach('pe.resources', 'language', 'number')),
  ...Object.fromEntries(
    versionKeys.map((key) => [
      `VersionInfoList/VersionInfoItem/${key}`,
      content(peText(`pe.version_info["${key}"]`)),
    ]),
  ),
}

/** The family under `PEInfo/` of a file. */
export function peGroup(prefix: string, apart?: string): TermGroup {
  return {
    prefix: `${prefix}/PEInfo`,
    object: 'file',
    from: 'either',
    ...(apart === undefined ? {} : { apart }),
    terms: facts,
    missing: peMissing,
  }
}

/** The same family where the program is in memory. */
export function peInMemory(prefix: string): TermGroup {
  const names = Object.keys(facts).join(' ')
  const missing = Object.values(peMissing).join(' ')
  return {
    prefix: `${prefix}/PEInfo`,
    object: 'process',
    from: 'either',
    missing: { memory: `${names} ${missing}` },
  }
}

const peMissing = {
  analysis: `Sections/ActualNumberOfSections Sections/Section/Type Sections/Section/DetectedCharacteristics
    Sections/Section/Entropy/AverageValue Sections/Section/Entropy/CurveData/float
    Sections/Section/DetectedSignatureKeys/string EpJumpCodes/Depth EpJumpCodes/Opcodes
    DetectedEntryPointSignature/Name DetectedEntryPointSignature/Type Exports/NumberOfNames
    VersionInfoList/VersionInfoItem/Language`,
  certificates: `DigitalSignature/SignatureVerified DigitalSignature/Description DigitalSignature/CertificateChain`,
  resourceBytes: 'ResourceInfoList/ResourceInfoItem/Data',
} as const
