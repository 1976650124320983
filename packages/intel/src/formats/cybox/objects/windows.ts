import { allUnseen, type ObjectRows, to, unseen } from './rows.ts'

export const windowsObjects: ObjectRows = {
  WindowsRegistryKeyObjectType: {
    object: 'registry',
    fields: {
      Key: { property: 'registry.key_path', meaning: 'registry key' },
      Hive: { property: 'registry.key_path', meaning: 'registry hive' },
      'Values/Value/Name': to('registry.value_name'),
      'Values/Value/Data': to('registry.value_data'),
      'Values/Value/Datatype': 'implied',
      'Values/*': unseen('of values only name and data are compared'),
      'Subkeys/*': unseen('the keys below a key are keys of their own'),
      'Handle_List/*': unseen('open keys are not scanned'),
      'Byte_Runs/*': unseen('the bytes of hives are not scanned'),
      ...allUnseen(
        'of keys only the path and the values are scanned',
        'Number_Values Modified_Time Creator_Username Number_Subkeys',
      ),
    },
  },
  WindowsDriverObjectType: {
    object: 'driver',
    base: 'WindowsExecutableFileObjectType',
    why: 'the entry points of a loaded driver are not scanned',
    fields: {
      Driver_Name: to('driver.name'),
      Image_Size: to('module.size'),
    },
  },
  MutexObjectType: { object: 'mutex', fields: { Name: to('mutex.name') } },
  WindowsMutexObjectType: {
    object: 'mutex',
    base: 'MutexObjectType',
    why: 'of mutexes only the name is scanned',
    fields: {},
  },
  PipeObjectType: {
    object: 'process',
    fields: {
      Name: { property: 'process.handle', meaning: 'object name', without: /^\\\\[.?]\\pipe\\/i },
    },
  },
  WindowsPipeObjectType: {
    object: 'process',
    base: 'PipeObjectType',
    why: 'of pipes only the name is scanned',
    fields: {},
  },
  UnixPipeObjectType: {
    object: 'process',
    base: 'PipeObjectType',
    why: 'of pipes only the name is scanned',
    fields: {},
  },
  WindowsKernelHookObjectType: {
    object: 'module',
    why: 'hooks in the kernel are not scanned',
    fields: {},
  },
  WindowsEventLogObjectType: {
    object: 'host',
    why: 'the event logs of Windows are not read',
    fields: {},
  },
}
