import { allUnseen, type KnownField, type ObjectRows, part, to, unseen } from './rows.ts'

const account = 'this property of an account is not scanned'
const disk = 'of disks and volumes only where and how they are mounted is scanned'

const volume: Readonly<Record<string, KnownField>> = {
  Device_Path: to('mount.device'),
  File_System_Type: to('mount.type'),
}

export const machineObjects: ObjectRows = {
  AccountObjectType: { object: 'user', why: account, fields: { Description: 'implied' } },
  UserAccountObjectType: {
    object: 'user',
    base: 'AccountObjectType',
    fields: {
      Username: to('user.name'),
      Full_Name: to('user.full_name'),
      Home_Directory: to('user.home'),
      Last_Login: to('user.last_login'),
      'Group_List/Group/Name': to('user.group'),
    },
  },
  UnixUserAccountObjectType: {
    object: 'user',
    base: 'UserAccountObjectType',
    fields: { User_ID: to('user.id'), Login_Shell: to('user.shell'), Group_ID: unseen(account) },
  },
  WindowsUserAccountObjectType: {
    object: 'user',
    base: 'UserAccountObjectType',
    fields: { Security_ID: to('user.id'), Security_Type: 'implied' },
  },
  ProductObjectType: {
    object: 'package',
    why: 'of installed software only name, version, architecture and publisher are scanned',
    fields: {
      Product: to('package.name'),
      Version: to('package.version'),
      Vendor: to('package.publisher'),
    },
  },
  LinuxPackageObjectType: {
    object: 'package',
    why: 'of installed software only name, version, architecture and publisher are scanned',
    fields: {
      Name: to('package.name'),
      Version: to('package.version'),
      EVR: to('package.version'),
      Architecture: to('package.architecture'),
      Vendor: to('package.publisher'),
      Description: 'implied',
      Category: 'implied',
    },
  },
  DiskObjectType: { object: 'mount', why: disk, fields: { Disk_Name: to('mount.device') } },
  DiskPartitionObjectType: { object: 'mount', why: disk, fields: {} },
  VolumeObjectType: { object: 'mount', why: disk, fields: volume },
  UnixVolumeObjectType: {
    object: 'mount',
    base: 'VolumeObjectType',
    fields: { Mount_Point: to('mount.path'), Options: to('mount.options') },
  },
  WindowsVolumeObjectType: {
    object: 'mount',
    base: 'VolumeObjectType',
    fields: { Drive_Letter: { property: 'mount.path', equals: 'starts with' } },
  },
  SystemObjectType: {
    object: 'host',
    why: 'this property of a machine is not scanned',
    fields: {
      Hostname: to('host.name'),
      'OS/Build_Number': part('host.os'),
      'OS/Platform/Description': part('host.os'),
      'OS/Platform/Identifier': unseen('machines are not known by CPE'),
      Processor_Architecture: to('host.architecture'),
      Timezone_Standard: to('host.time_zone'),
      'Network_Interface_List/Network_Interface/IP_List/IP_Info/IP_Address/Address_Value': to('host.address'),
      'Network_Interface_List/Network_Interface/MAC': to('host.mac_address'),
      ...allUnseen('the time of a machine is its own', 'Date Local_Time System_Time'),
    },
  },
  WindowsSystemObjectType: {
    object: 'host',
    base: 'SystemObjectType',
    fields: { NetBIOS_Name: to('host.name'), Product_Name: part('host.os') },
  },
}
