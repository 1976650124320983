import type { TermGroup } from './entry.ts'

/** The registry of Windows, as items and as what entries of persistence hold. */
export const registryGroups: readonly TermGroup[] = [
  keys('RegistryItem'),
  keys('PersistenceItem/RegistryItem', 'PersistenceItem'),
  {
    prefix: 'PersistenceItem',
    object: 'registry',
    from: 'either',
    apart: 'PersistenceItem',
    terms: {
      RegPath: ['registry.key_path', 'registry path'],
      RegText: 'registry.value_data',
      RegValue: 'registry.value_data',
    },
    missing: { registryDetails: 'RegContext RegOwner RegModified' },
  },
]

function keys(prefix: string, apart?: string): TermGroup {
  return {
    prefix,
    object: 'registry',
    from: 'either',
    ...(apart === undefined ? {} : { apart }),
    terms: {
      Path: ['registry.key_path', 'registry path'],
      KeyPath: ['registry.key_path', 'registry key'],
      Hive: ['registry.key_path', 'registry hive'],
      ValueName: 'registry.value_name',
      Text: 'registry.value_data',
      Value: 'registry.value_data',
    },
    missing: {
      analysis: 'detectedAnomaly',
      registryDetails: 'Type Modified NumSubKeys NumValues Username SecurityID ReportedLengthInBytes',
    },
  }
}
