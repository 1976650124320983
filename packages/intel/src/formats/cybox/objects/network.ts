import { allUnseen, below, type KnownField, type ObjectRows, to, unseen } from './rows.ts'

const passing = 'what passes the network is not recorded'
const protocol: Readonly<Record<string, string>> = { ipproto_tcp: 'tcp', ipproto_udp: 'udp' }

function socket(field: string, side: 'local' | 'remote'): Readonly<Record<string, KnownField>> {
  return {
    [`${field}/IP_Address/Address_Value`]: to(`connection.${side}_address`),
    [`${field}/Port/Port_Value`]: to(`connection.${side}_port`),
    [`${field}/Port/Layer4_Protocol`]: to('connection.protocol'),
    [`${field}/Hostname/Hostname_Value`]: to(side === 'remote' ? 'dns.query' : 'host.name'),
    [`${field}/Hostname/Naming_System`]: 'implied',
  }
}

const request = 'HTTP_Request_Response/HTTP_Client_Request'

const httpFields: Readonly<Record<string, KnownField>> = {
  [`${request}/HTTP_Request_Header/Parsed_Header/Host/Domain_Name/Value`]: { url: 'host' },
  [`${request}/HTTP_Request_Header/Parsed_Header/Host`]: { url: 'host' },
  [`${request}/HTTP_Request_Header/Parsed_Header/Host/Port/Port_Value`]: to('connection.remote_port'),
  [`${request}/HTTP_Request_Line/Value`]: { url: 'whole' },
  [`${request}/HTTP_Request_Line/HTTP_Method`]: unseen(passing),
  'HTTP_Request_Response/*': unseen(passing),
}

const recordFields: Readonly<Record<string, KnownField>> = {
  'Domain_Name/Value': to('dns.query'),
  Record_Name: to('dns.query'),
  'IP_Address/Address_Value': to('dns.response'),
  Description: 'implied',
  ...allUnseen(
    'of name resolution only the name and its answers are recorded',
    'Queried_Date Address_Class Entry_Type Record_Type TTL Flags Data_Length Record_Data',
  ),
}

const records: Readonly<Record<string, KnownField>> = {
  'Resource_Record/IP_Address/Address_Value': to('dns.response'),
  'Resource_Record/Domain_Name/Value': to('dns.response'),
}

/** The fields of a connection, also where it stands in a process. */
export const socketFields: Readonly<Record<string, KnownField>> = {
  ...socket('Source_Socket_Address', 'local'),
  ...socket('Destination_Socket_Address', 'remote'),
  Layer3_Protocol: 'implied',
  Layer4_Protocol: to('connection.protocol'),
  Layer7_Protocol: unseen(passing),
  ...below('Layer7_Connections/HTTP_Session', httpFields),
  'Layer7_Connections/DNS_Query/Question/QName/Value': to('dns.query'),
  'Layer7_Connections/*': unseen(passing),
  Creation_Time: unseen('the length of connections is not recorded'),
  'Network_Interface/*': unseen('which interface a connection uses is not recorded'),
}

const packet = 'packets are not recorded'

/** Both ends of a packet: which of them is the endpoint's own is not told. */
const packetFields: Readonly<Record<string, KnownField>> = {
  'Internet_Layer/IPv4/IPv4_Header/Src_IPv4_Addr/Address_Value': to('connection.address'),
  'Internet_Layer/IPv4/IPv4_Header/Dest_IPv4_Addr/Address_Value': to('connection.address'),
  'Internet_Layer/IPv6/IPv6_Header/Src_IPv6_Addr/Address_Value': to('connection.address'),
  'Internet_Layer/IPv6/IPv6_Header/Dest_IPv6_Addr/Address_Value': to('connection.address'),
  'Transport_Layer/TCP/TCP_Header/Src_Port/Port_Value': to('connection.port'),
  'Transport_Layer/TCP/TCP_Header/Dest_Port/Port_Value': to('connection.port'),
  'Transport_Layer/UDP/UDP_Header/SrcPort/Port_Value': to('connection.port'),
  'Transport_Layer/UDP/UDP_Header/DestPort/Port_Value': to('connection.port'),
}

export const networkObjects: ObjectRows = {
  AddressObjectType: {
    object: 'connection',
    fields: {
      Address_Value: to('connection.address'),
      'Address_Value/mac': to('host.mac_address'),
      'Address_Value/e-mail': unseen('e-mail is not recorded'),
      'Address_Value/asn': unseen('to which network an address belongs is not known on an endpoint'),
      'Address_Value/*': unseen('addresses of this category are not recorded'),
      ...allUnseen('virtual networks are not recorded', 'VLAN_Name VLAN_Num'),
    },
  },
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
      'Hostname/Hostname_Value': to('dns.query'),
      'Hostname/Naming_System': 'implied',
    },
  },
  NetworkConnectionObjectType: { object: 'connection', fields: socketFields },
  NetworkSocketObjectType: {
    object: 'connection',
    fields: {
      ...socket('Local_Address', 'local'),
      ...socket('Remote_Address', 'remote'),
      Address_Family: 'implied',
      Domain: 'implied',
      Type: 'implied',
      Protocol: { property: 'connection.protocol', words: protocol },
      'Options/*': unseen('options of sockets are not recorded'),
      Socket_Descriptor: unseen('sockets are known by their addresses, not by numbers'),
    },
  },
  NetworkPacketObjectType: { object: 'connection', why: packet, fields: packetFields },
  DomainNameObjectType: { object: 'dns', fields: { Value: to('dns.query') } },
  HostnameObjectType: {
    object: 'dns',
    fields: { Hostname_Value: to('dns.query'), Naming_System: 'implied' },
  },
  URIObjectType: { object: 'dns', fields: { Value: { url: 'whole' } } },
  LinkObjectType: {
    object: 'dns',
    base: 'URIObjectType',
    fields: { URL_Label: unseen('what a link is called is not recorded') },
  },
  HTTPSessionObjectType: { object: 'connection', why: passing, fields: httpFields },
  DNSQueryObjectType: {
    object: 'dns',
    why: 'of name resolution only the name and its answers are recorded',
    fields: {
      'Question/QName/Value': to('dns.query'),
      ...below('Answer_Resource_Records', records),
      ...below('Authority_Resource_Records', records),
      ...below('Additional_Records', records),
    },
  },
  DNSRecordObjectType: { object: 'dns', fields: recordFields },
  DNSCacheObjectType: {
    object: 'dns',
    fields: {
      ...below('DNS_Cache_Entry/DNS_Entry', recordFields),
      'DNS_Cache_Entry/TTL': unseen('of name resolution only the name and its answers are recorded'),
    },
  },
}
