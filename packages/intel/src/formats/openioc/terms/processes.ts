import type { TermGroup } from './entry.ts'
import { peInMemory } from './pe.ts'

/** Processes, what they hold, and sockets. */
export const processGroups: readonly TermGroup[] = [
  {
    prefix: 'ProcessItem',
    object: 'process',
    from: 'either',
    terms: {
      name: 'process.name',
      path: ['process.path', 'file or folder'],
      arguments: 'process.command_line',
      pid: 'process.pid',
      parentpid: 'process.parent_pid',
      Username: 'process.user_name',
      startTime: 'process.start_time',
      'HandleList/Handle/Name': ['process.handle', 'object name'],
      'SectionList/MemorySection/Name': 'process.mapped_path',
    },
    missing: {
      analysis: 'detectedAnomaly',
      certificates: `SectionList/MemorySection/DigitalSignature/SignatureExists
        SectionList/MemorySection/DigitalSignature/SignatureVerified
        SectionList/MemorySection/DigitalSignature/Description
        SectionList/MemorySection/DigitalSignature/CertificateIssuer
        SectionList/MemorySection/DigitalSignature/CertificateSubject`,
      handles: `HandleList/Handle/Index HandleList/Handle/AccessMask HandleList/Handle/ObjectAddress
        HandleList/Handle/HandleCount HandleList/Handle/PointerCount HandleList/Handle/Type
        HandleList/Handle/FileDescriptor HandleList/Handle/User HandleList/Handle/Device HandleList/Handle/Size
        HandleList/Handle/INode HandleList/Handle/SocketType HandleList/Handle/SocketProtocol
        HandleList/Handle/SocketState HandleList/Handle/SocketLocalAddress HandleList/Handle/SocketLocalPort
        HandleList/Handle/SocketRemoteAddress HandleList/Handle/SocketRemotePort HandleList/Handle/Md5sum
        HandleList/Handle/Sha1sum HandleList/Handle/Sha256sum`,
      hidden: 'hidden',
      ids: 'SecurityID SecurityType',
      memory: `StringList/string SectionList/MemorySection/Protection SectionList/MemorySection/RegionStart
        SectionList/MemorySection/RegionSize SectionList/MemorySection/Mapped SectionList/MemorySection/Injected
        SectionList/MemorySection/RawFlags SectionList/MemorySection/MemD5`,
      processorTime: 'kernelTime userTime',
    },
  },
  peInMemory('ProcessItem/SectionList/MemorySection'),
  sockets('PortItem'),
  sockets('ProcessItem/PortList/PortItem', 'ProcessItem'),
]

function sockets(prefix: string, apart?: string): TermGroup {
  return {
    prefix,
    object: 'connection',
    from: 'either',
    ...(apart === undefined ? {} : { apart }),
    terms: {
      remoteIP: 'connection.remote_address',
      remotePort: 'connection.remote_port',
      localIP: 'connection.local_address',
      localPort: 'connection.local_port',
      protocol: 'connection.protocol',
      state: 'connection.state',
      pid: 'process.pid',
      process: 'process.name',
      path: ['process.path', 'file or folder'],
    },
    missing: { eventDetails: 'CreationTime isIPv6' },
  }
}
