import type { TermGroup } from './entry.ts'

const majorFunctions =
  `CREATE CREATE_NAMED_PIPE CLOSE WRITE READ QUERY_INFORMATION SET_INFORMATION QUERY_EA SET_EA
  FLUSH_BUFFERS QUERY_VOLUME_INFORMATION SET_VOLUME_INFORMATION DIRECTORY_CONTROL FILE_SYSTEM_CONTROL
  DEVICE_CONTROL INTERNAL_DEVICE_CONTROL SHUTDOWN LOCK_CONTROL CLEANUP CREATE_MAILSLOT QUERY_SECURITY
  SET_SECURITY POWER SYSTEM_CONTROL DEVICE_CHANGE QUERY_QUOTA SET_QUOTA PNP`
    .split(/\s+/)
    .map((name) => `IRP_MJ_${name}`)
    .join(' ')

const hashes = { Md5sum: 'driver.md5', Sha1sum: 'driver.sha1', Sha256sum: 'driver.sha256' } as const

/** Drivers and kernel modules: watched as they are loaded, listed by scans. */
export const kernelGroups: readonly TermGroup[] = [
  {
    prefix: 'DriverItem',
    object: 'driver',
    from: 'either',
    terms: { DriverName: 'driver.name', ImageSize: 'module.size', ...hashes },
    missing: {
      certificates:
        'SignatureExists SignatureVerified SignatureDescription CertificateSubject CertificateIssuer',
      devices: `DeviceItem/DeviceName DeviceItem/DriverName DeviceItem/AttachedDeviceName
        DeviceItem/AttachedDriverName DeviceItem/AttachedToDeviceName DeviceItem/AttachedToDriverName`,
      kernel: `DriverObjectAddress ImageBase DriverInit DriverStartIo DriverUnload DeviceItem/DeviceObject
        DeviceItem/AttachedDeviceObject DeviceItem/AttachedDriverObject DeviceItem/AttachedToDeviceObject
        DeviceItem/AttachedToDriverObject ${majorFunctions}`,
    },
  },
  {
    prefix: 'ModuleItem',
    object: 'driver',
    from: 'either',
    terms: {
      ModuleName: 'driver.name',
      Module: 'driver.name',
      ModulePath: 'driver.path',
      Filename: 'driver.path',
      ModuleSize: 'module.size',
      Size: 'module.size',
      ...hashes,
    },
    missing: {
      kernel: 'ModuleAddress ModuleInit ModuleBase Address',
      kernelModules: `UsedByList/Module Status License AliasList/Alias/Name SrcVersion DependsList/Depends/Module
        Retpoline Intree Vermagic Signat Signer SigKey SigHashAlgorithm ParmList/Parm/Name`,
    },
  },
]
