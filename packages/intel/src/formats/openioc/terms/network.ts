import { spelled, type TermGroup, url } from './entry.ts'
import { colons } from './host.ts'

/** What was looked up, what browsers remember, and the ways to other machines. */
export const networkGroups: readonly TermGroup[] = [
  {
    prefix: 'DnsEntryItem',
    object: 'dns',
    from: 'either',
    terms: {
      Host: 'dns.query',
      RecordName: 'dns.query',
      'RecordData/Host': 'dns.response',
      'RecordData/IPv4Address': 'dns.response',
      'RecordData/IPv6Address': 'dns.response',
    },
    missing: {
      dns: `RecordType TimeToLive Flags DataLength RecordData/PrimaryServerName RecordData/AdministratorName
        RecordData/SerialNumber RecordData/Refresh RecordData/Retry RecordData/Expire
        RecordData/DefaultTimeToLive RecordData/MailboxName RecordData/MailboxErrorsName RecordData/MxHost
        RecordData/Preference RecordData/String RecordData/Blob RecordData/Algorithm RecordData/Protocol
        RecordData/KeyFlags RecordData/Signer RecordData/TypeCovered RecordData/LabelCount
        RecordData/OriginalTimeToLive RecordData/ExpirationDate RecordData/DateSigned RecordData/KeyTag
        RecordData/AddressType RecordData/ATMAddress RecordData/NextHost RecordData/Type RecordData/TargetHost
        RecordData/Priority RecordData/Weight RecordData/Port RecordData/Order RecordData/Flags
        RecordData/Services RecordData/RegularExpression RecordData/Replacement RecordData/DigestType
        RecordData/DigestLength RecordData/Digest RecordData/KeyLength RecordData/PublicKey RecordData/KeyName
        RecordData/Key RecordData/CreationDate RecordData/Error RecordData/Mode RecordData/SignatureLength
        RecordData/Signature RecordData/FudgeTime RecordData/OriginalXid RecordData/MappingFlag
        RecordData/WinsServerIPv4Address RecordData/LookupTimeout RecordData/CacheTimeout RecordData/Bitmask
        RecordData/Data`,
    },
  },
  {
    prefix: 'ArpEntryItem',
    object: 'neighbour',
    from: 'state',
    terms: {
      IPv4Address: 'neighbour.address',
      PhysicalAddress: spelled('neighbour.mac_address', colons),
      Interface: 'neighbour.interface',
      CacheType: 'neighbour.kind',
    },
    missing: { addresses: 'IPv6Address InterfaceType State IsRouter LastReachable LastUnreachable' },
  },
  {
    prefix: 'RouteEntryItem',
    object: 'route',
    from: 'state',
    terms: {
      Destination: 'route.destination',
      Netmask: 'route.netmask',
      Gateway: 'route.gateway',
      Interface: 'route.interface',
      Metric: 'route.metric',
    },
    missing: {
      addresses: `IsIPv6 RouteType Protocol ValidLifetime PreferredLifetime RouteAge IsLoopback
        IsAutoconfigureAddress IsPublish IsImmortal Origin Flags MTU`,
    },
  },
  {
    prefix: 'UrlHistoryItem',
    object: 'dns',
    from: 'event',
    apart: 'UrlHistoryItem',
    terms: { URL: url, VisitFrom: url, HostName: 'dns.query' },
    missing: {
      browsers: `Profile BrowserName BrowserVersion Username PageTitle Typed Hidden VisitType VisitCount
        LastVisitDate LastVisitDateLocal FirstVisitDate FirstBookmarkDate Thumbnail IndexedContent`,
    },
  },
  {
    prefix: 'CookieHistoryItem',
    object: 'dns',
    from: 'event',
    apart: 'CookieHistoryItem',
    terms: { HostName: 'dns.query' },
    missing: {
      browsers: `Profile BrowserName BrowserVersion Username CookiePath CookieName CookieValue FileName FilePath
        IsSecure IsHTTPOnly CreationDate ExpirationDate LastAccessedDate LastModifiedDate CookieFlags
        LastVisitDate`,
    },
  },
  {
    prefix: 'FormHistoryItem',
    object: 'dns',
    from: 'event',
    apart: 'FormHistoryItem',
    terms: { HostName: 'dns.query', FormSubmitURL: url },
    missing: {
      browsers: `Profile BrowserName BrowserVersion Username FormType FormFieldName FormFieldValue
        UsernameFieldName PasswordFieldName HttpRealm UsernameFieldValue EncryptedUsername EncryptedPassword
        EncryptionType FirstUsedDate LastUsedDate CreationDate PasswordChangedDate TimesUsed Guid`,
    },
  },
  {
    prefix: 'FileDownloadHistoryItem',
    object: 'file',
    from: 'either',
    apart: 'FileDownloadHistoryItem',
    terms: {
      FileName: 'file.name',
      TargetDirectory: ['file.directory', 'folder'],
      SourceURL: url,
      Referrer: url,
    },
    missing: {
      browsers: `Profile BrowserName BrowserVersion Username DownloadType TemporaryPath MimeType StartDate EndDate
        LastModifiedDate LastAccessedDate State BytesDownloaded MaxBytes AutoResume CacheFlags CacheHitCount
        LastCheckedDate LastCacheSynchDate`,
      http: 'FullHttpHeader',
    },
  },
  {
    prefix: 'QuarantineEventItem',
    object: 'host',
    from: 'either',
    terms: { DataURLString: url, OriginURLString: url },
    missing: {
      quarantine: `User EventIdentifier TimeStamp AgentBundleIdentifier AgentName TypeNumber SenderName
        SenderAddress OriginTitle`,
    },
  },
]
