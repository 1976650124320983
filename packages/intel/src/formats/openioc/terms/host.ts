import { spelled, type TermGroup } from './entry.ts'

/** Accounts, volumes and the machine itself. */
export const hostGroups: readonly TermGroup[] = [
  {
    prefix: 'UserItem',
    object: 'user',
    from: 'either',
    terms: {
      Username: 'user.name',
      fullname: 'user.full_name',
      'grouplist/groupname': 'user.group',
      SecurityID: 'user.id',
      userid: 'user.id',
      LastLogin: 'user.last_login',
      disabled: 'user.disabled',
      homedirectory: 'user.home',
      shell: 'user.shell',
    },
    missing: {
      userDetails:
        'description SecurityType lockedout passwordrequired userpasswordage scriptpath userguid autologin',
    },
  },
  {
    prefix: 'GroupItem',
    object: 'user',
    from: 'either',
    apart: 'GroupItem',
    terms: { GroupName: 'user.group', 'userlist/username': 'user.name' },
    missing: { userDetails: 'fullname groupguid gid' },
  },
  {
    prefix: 'VolumeItem',
    object: 'mount',
    from: 'either',
    terms: {
      MountPoint: 'mount.path',
      DriveLetter: ['mount.path', 'drive'],
      DevicePath: 'mount.device',
      FileSystemName: 'mount.type',
    },
    missing: {
      disks: `VolumeName Type Name DeviceID RemoteFS RemoteAddress SerialNumber FileSystemFlags
        ActualAvailableAllocationUnits TotalAllocationUnits BytesPerSector SectorsPerAllocationUnit CreationTime
        IsMounted VolumeID TotalSize FreeSize Flags/Ejectable Flags/Removable Flags/ReadOnly Flags/Logical
        Flags/RAID`,
    },
  },
  {
    prefix: 'SystemInfoItem',
    object: 'host',
    from: 'state',
    terms: {
      hostname: 'host.name',
      machine: 'host.name',
      OS: 'host.os',
      productName: 'host.os',
      kernelVersion: 'host.kernel',
      MAC: spelled('host.mac_address', colons),
      'networkArray/networkInfo/MAC': spelled('host.mac_address', colons),
      'networkArray/networkInfo/ipArray/ipInfo/ipAddress': 'host.address',
      'networkArray/networkInfo/ipArray/ipInfo/ipv6Address': 'host.address',
      primaryIpAddress: 'host.address',
      primaryIpv4Address: 'host.address',
      primaryIpv6Address: 'host.address',
      timezone: 'host.time_zone',
      timezoneStandard: 'host.time_zone',
    },
    missing: {
      bookkeeping:
        'containmentState containmentWhitelistArray/ip clockSkew stateAgentStatus appVersion appCreated version',
      hardware: `uptime biosInfo/biosDate biosInfo/biosVersion biosInfo/biosType directory drives procType regOrg
        regOwner platform processor procConfigInfo/vmGuest procConfigInfo/virtualization procConfigInfo/iommu
        procConfigInfo/lpcDevice patchLevel buildNumber productID installDate OSbitness timezoneDST gmtoffset date
        domain networkArray/networkInfo/adapter networkArray/networkInfo/description
        networkArray/networkInfo/ipArray/ipInfo/subnetMask networkArray/networkInfo/dhcpServerArray/dhcpServer
        networkArray/networkInfo/dhcpLeaseObtained networkArray/networkInfo/dhcpLeaseExpires
        networkArray/networkInfo/ipGatewayArray/ipGateway totalphysical availphysical user loggedOnUser`,
    },
  },
]

/** Hardware addresses are written with hyphens in Windows. */
/** A hardware address as it is scanned. */
export function colons(text: string): string {
  return text.toLowerCase().replaceAll('-', ':')
}
