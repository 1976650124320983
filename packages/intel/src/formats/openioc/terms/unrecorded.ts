import type { TermGroup } from './entry.ts'
import type { Reason } from './reasons.ts'

/** Items of which nothing can be evaluated. */
export const unrecordedGroups: readonly TermGroup[] = [
  all(
    'AgentInfo',
    'bookkeeping',
    `appVersion appCreated appStarted stateAgentStatus intelHash intelETag intelTimestamp
    configETag configChannel configId containmentState ExdPluginStatus ExDRuleEtag ExDWhiteListEtag
    ExdPlugin/version ExdPlugin/content-rules/version ExdPlugin/content-whitelist/version
    ExdPlugin/engine/version containmentWhitelistArray/ip lastMsgMarker FIPS MalwareProtectionStatus CleanDBEtag
    DtiExclusionsEtag HxExclusionEtag malware/version malware/av/engine/version malware/av/content/version
    malware/av/content/updated malware/mg/engine/version malware/mg/content/version malware/mg/content/updated
    malware/DTIExclusionsContentVersion malware/DTIExclusionsSchemaVersion malware/UserFPExclusionsContentVersion
    malware/UserFPExclusionsSchemaVersion malware/QuarantineStatus malware/config/av/status
    malware/config/av/quarantine/status malware/config/mg/status malware/config/mg/quarantine/status
    malware-guard/engine/version malware-guard/content/version MgEtag ProRemSvcStatus KernelServices/Status
    EventorStatus ProcessTrackerStatus ProcessTracker/version ProcessTracker/operational
    ProcessTracker/processEventCount ProcessTracker/uniqueProcessCount ProcessTracker/augmentationErrors
    ProcessTracker/lastEventTimestamp ProcessTracker/lastMessageTimestamp ProcessTracker/lastDBResetTimestamp
    ProcessTracker/store ProcessTracker/queueDepth ProcessTracker/maxQueueDepth ProcessTracker/minQueueTimeMs
    ProcessTracker/avgQueueTimeMs ProcessTracker/maxQueueTimeMs ProcessTracker/queueTimeStdDevMs
    ProcessTracker/minRunTimeMs ProcessTracker/avgRunTimeMs ProcessTracker/maxRunTimeMs
    ProcessTracker/runTimeStdDevMs ProcessTracker/excludedProcessPaths ProcessTracker/excludedFilePatterns
    ProcessTracker/excludedAgentProcs proxyType proxyHost proxyPort proxyUsername`,
  ),
  all('ConfigInfo', 'bookkeeping', 'ConfigItem/key ConfigItem/val'),
  all('Log', 'bookkeeping', 'uid time hr lvl flags pid process_name tid lid fn ln msg args/arg'),
  all(
    'QuarantineListItem',
    'bookkeeping',
    `QuarId CorrelationId QuarantineTime Final ObjectType FilePath FileSize
    FileMD5 FileSHA1 FileState`,
  ),
  all(
    'ScanSummary',
    'bookkeeping',
    `uuid scan-name scan-type scanned-object infected-object actioned-object timestamp
    start-time end-time scan-result scan-error product-version engine-version content-version reboot-required
    scan-correlation-id scan-summary-version`,
  ),
  all(
    'Email',
    'mail',
    `Attachment/Content Attachment/MIMEType Attachment/Name Attachment/SizeInBytes AttachmentCount
    BCC Body CC Content-Type Date From In-Reply-To MIME-Version Received ReceivedFromHost ReceivedFromIP
    References Return-Path Subject Thread-Index Thread-Topic To X-MS-Has-Attach X-filenames X-filesizes
    X-filetypes`,
  ),
  all('Snort', 'traffic', 'Snort'),
  all(
    'DiskItem',
    'disks',
    `DiskName DiskSize DevicePath DiskConnection Type PartitionList/Partition/PartitionNumber
    PartitionList/Partition/PartitionOffset PartitionList/Partition/PartitionLength
    PartitionList/Partition/PartitionType`,
  ),
  all(
    'EventLogItem',
    'eventLog',
    `EID log CorrelationActivityId CorrelationRelatedActivityId ExecutionProcessId
    ExecutionThreadId index type categoryNum genTime writeTime reserved source machine user category message
    unformattedMessage/string blob`,
  ),
  all('HiveItem', 'registryDetails', 'Name Path'),
  all(
    'HookItem',
    'kernel',
    `HookDescription HookedFunction HookedModule HookingModule HookingAddress
    DigitalSignatureHooking/SignatureExists DigitalSignatureHooking/SignatureVerified
    DigitalSignatureHooking/Description DigitalSignatureHooking/CertificateIssuer
    DigitalSignatureHooking/CertificateSubject DigitalSignatureHooked/SignatureExists
    DigitalSignatureHooked/SignatureVerified DigitalSignatureHooked/Description
    DigitalSignatureHooked/CertificateIssuer DigitalSignatureHooked/CertificateSubject`,
  ),
  all(
    'LoginHistoryItem',
    'logins',
    `Path StartTime EndTime SessionLength Hostname IsRemoteLogin IPv4Address IPv6Address
    Username RecordType PID Terminal IsFailedLogin`,
  ),
  all(
    'PrefetchItem',
    'prefetch',
    `FullPath Created SizeInBytes PrefetchHash ReportedSizeInBytes ApplicationFileName
    LastRun TimesExecuted AccessedFileList/AccessedFile ApplicationFullPath VolumeList/VolumeItem/DevicePath
    VolumeList/VolumeItem/CreationTime VolumeList/VolumeItem/SerialNumber`,
  ),
  all('ShellHistoryItem', 'shells', 'FileOrder Command UserName Shell Timestamp'),
  all(
    'SudoLogItem',
    'shells',
    `timestamp ModifiedTimestamp suOrSudo username tty pwd userExecuteAs command success
    SourceLog`,
  ),
  all(
    'Syslog',
    'syslog',
    `ID Time Date Level PID UID GID Host Sender Facility Message LogFile LogFileModified`,
  ),
  all(
    'SystemRestoreItem',
    'restore',
    `RestorePointName RestorePointFullPath RestorePointDescription RestorePointType
    Created ChangeEvent ChangeLogEntryFlags RegistryHives/String ChangeLogFileName ChangeLogEntrySequenceNumber
    ProcessName ChangeLogEntryType FileAttributes AclChangeUsername AclChangeSecurityID DebugInfoProcessId
    DebugInfoThreadId DebugInfoProcessName DebugInfoTimeStamp OriginalVolumePath OriginalShortFileName
    OriginalFileName NewFileName BackupFileName`,
  ),
]

function all(prefix: string, reason: Reason, names: string): TermGroup {
  return { prefix, object: 'host', from: 'either', missing: { [reason]: names } }
}
