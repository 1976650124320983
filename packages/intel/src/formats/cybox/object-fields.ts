import type { Comparison, ObjectKind } from '@tocsin/model'
import type { Meaning } from '../lowering/paths.ts'

/** What a field of an object reads. */
export interface FieldRow {
  readonly property: string
  /** A file's path may be written with or without its name: whole values are tried on this property too. */
  readonly or?: string
  readonly meaning?: Meaning
  /** How `Equals` is read where the field holds a part of the property. */
  readonly equals?: Comparison
  readonly words?: Readonly<Record<string, string>>
}

export interface ObjectRow {
  readonly object: ObjectKind
  /** The type whose fields this one has too. */
  readonly base?: string
  /** Element names below Properties, joined by a slash. */
  readonly fields: Readonly<Record<string, FieldRow | 'implied'>>
}

/** `implied`: says nothing that another field of the object does not say. */
export type KnownField = FieldRow | 'implied'

/** The row of a type such as `FileObjectType`; types that are not here parse, and their fields are foreign. */
export function objectRow(type: string): ObjectRow | undefined {
  return Object.hasOwn(objects, type) ? objects[type] : undefined
}

export function fieldRow(type: string, path: string): KnownField | undefined {
  for (let row = objectRow(type); row !== undefined; row = row.base ? objectRow(row.base) : undefined) {
    if (Object.hasOwn(row.fields, path)) return row.fields[path]
  }
  return undefined
}

const to = (property: string): FieldRow => ({ property })
const protocol: Readonly<Record<string, string>> = { ipproto_tcp: 'tcp', ipproto_udp: 'udp' }

function socket(field: string, side: 'local' | 'remote'): Readonly<Record<string, FieldRow>> {
  return {
    [`${field}/IP_Address/Address_Value`]: to(`connection.${side}_address`),
    [`${field}/Port/Port_Value`]: to(`connection.${side}_port`),
    [`${field}/Port/Layer4_Protocol`]: to('connection.protocol'),
  }
}

const objects: Readonly<Record<string, ObjectRow>> = {
  FileObjectType: {
    object: 'file',
    fields: {
      File_Name: to('file.name'),
      File_Path: { property: 'file.path', or: 'file.directory' },
      Full_Path: to('file.path'),
      File_Extension: { property: 'file.extension', meaning: 'extension' },
      Size_In_Bytes: to('file.size'),
      Modified_Time: to('file.modified'),
      Accessed_Time: to('file.accessed'),
      Created_Time: to('file.created'),
      User_Owner: to('file.owner'),
    },
  },
  UnixFileObjectType: { object: 'file', base: 'FileObjectType', fields: {} },
  WindowsFileObjectType: {
    object: 'file',
    base: 'FileObjectType',
    fields: { Drive: { property: 'file.path', meaning: 'drive' } },
  },
  WindowsExecutableFileObjectType: { object: 'file', base: 'WindowsFileObjectType', fields: {} },
  ArchiveFileObjectType: { object: 'file', base: 'FileObjectType', fields: {} },
  ImageFileObjectType: { object: 'file', base: 'FileObjectType', fields: {} },
  PDFFileObjectType: { object: 'file', base: 'FileObjectType', fields: {} },
  ProcessObjectType: {
    object: 'process',
    fields: {
      PID: to('process.pid'),
      Name: to('process.name'),
      Creation_Time: to('process.start_time'),
      Start_Time: to('process.start_time'),
      Parent_PID: to('process.parent_pid'),
      Username: to('process.user_name'),
      'Image_Info/Command_Line': to('process.command_line'),
      'Image_Info/Current_Directory': to('process.cwd'),
      'Image_Info/File_Name': to('process.name'),
      'Image_Info/Path': { property: 'process.path', meaning: 'file or folder' },
      'Argument_List/Argument': { property: 'process.command_line', equals: 'contains' },
    },
  },
  UnixProcessObjectType: { object: 'process', base: 'ProcessObjectType', fields: {} },
  WindowsProcessObjectType: { object: 'process', base: 'ProcessObjectType', fields: {} },
  AddressObjectType: { object: 'connection', fields: { Address_Value: to('connection.address') } },
  PortObjectType: {
    object: 'connection',
    fields: { Port_Value: to('connection.port'), Layer4_Protocol: to('connection.protocol') },
  },
  SocketAddressObjectType: {
    object: 'connection',
    fields: {
      'IP_Address/Address_Value': to('connection.address'),
      'Port/Port_Value': to('connection.port'),
      'Port/Layer4_Protocol': to('connection.protocol'),
    },
  },
  NetworkConnectionObjectType: {
    object: 'connection',
    fields: {
      ...socket('Source_Socket_Address', 'local'),
      ...socket('Destination_Socket_Address', 'remote'),
      Layer3_Protocol: 'implied',
      Layer4_Protocol: to('connection.protocol'),
    },
  },
  NetworkSocketObjectType: {
    object: 'connection',
    fields: {
      ...socket('Local_Address', 'local'),
      ...socket('Remote_Address', 'remote'),
      Address_Family: 'implied',
      Domain: 'implied',
      Protocol: { property: 'connection.protocol', words: protocol },
    },
  },
  DomainNameObjectType: { object: 'dns', fields: { Value: to('dns.query') } },
  HostnameObjectType: { object: 'dns', fields: { Hostname_Value: to('dns.query') } },
  DNSQueryObjectType: {
    object: 'dns',
    fields: {
      'Question/QName/Value': to('dns.query'),
      'Answer_Resource_Records/Resource_Record/IP_Address/Address_Value': to('dns.response'),
      'Answer_Resource_Records/Resource_Record/Domain_Name/Value': to('dns.response'),
    },
  },
  DNSRecordObjectType: {
    object: 'dns',
    fields: {
      'Domain_Name/Value': to('dns.query'),
      Record_Name: to('dns.query'),
      'IP_Address/Address_Value': to('dns.response'),
    },
  },
  WindowsRegistryKeyObjectType: {
    object: 'registry',
    fields: {
      Key: { property: 'registry.key_path', meaning: 'registry key' },
      Hive: { property: 'registry.key_path', meaning: 'registry hive' },
      'Values/Value/Name': to('registry.value_name'),
      'Values/Value/Data': to('registry.value_data'),
    },
  },
  LibraryObjectType: { object: 'image', fields: { Name: to('image.name'), Path: to('image.path') } },
  WindowsDriverObjectType: { object: 'driver', fields: { Driver_Name: to('driver.name') } },
  URIObjectType: { object: 'network', fields: {} },
  HTTPSessionObjectType: { object: 'network', fields: {} },
  MutexObjectType: { object: 'mutex', fields: {} },
  WindowsMutexObjectType: { object: 'mutex', fields: {} },
  UserAccountObjectType: { object: 'user', fields: {} },
  UnixUserAccountObjectType: { object: 'user', fields: {} },
  WindowsUserAccountObjectType: { object: 'user', fields: {} },
  WindowsServiceObjectType: { object: 'service', fields: {} },
  WindowsTaskObjectType: { object: 'task', fields: {} },
  LinuxPackageObjectType: { object: 'package', fields: {} },
}
