import type { Entry, TermGroup } from './entry.ts'

const startModes = {
  service_auto_start: 'auto',
  service_boot_start: 'auto',
  service_system_start: 'auto',
  service_demand_start: 'manual',
  service_disabled: 'disabled',
} as const
const states = { service_running: 'running', service_stopped: 'stopped' } as const

const signatureOf = (name: string) =>
  `${name}SignatureExists ${name}SignatureVerified ${name}SignatureDescription ${name}CertificateSubject
   ${name}CertificateIssuer`
const signature = `DigitalSignature/SignatureExists DigitalSignature/SignatureVerified
  DigitalSignature/CertificateSubject DigitalSignature/CertificateIssuer DigitalSignature/CertificateChain
  DigitalSignature/Description`

const serviceTerms: Readonly<Record<string, Entry>> = {
  name: 'service.name',
  descriptiveName: 'service.description',
  description: 'service.description',
  mode: ['service.start_mode', 'plain', startModes],
  startedAs: 'service.user',
  userName: 'service.user',
  path: 'service.path',
  arguments: 'service.command_line',
  serviceDLL: 'service.file',
  reference: 'service.file',
  status: ['service.state', 'plain', states],
  pid: 'service.pid',
}

function services(prefix: string, apart?: string): TermGroup {
  return {
    prefix,
    object: 'service',
    from: 'either',
    ...(apart === undefined ? {} : { apart }),
    terms: serviceTerms,
    missing: {
      analysis: 'detectedAnomaly',
      certificates: `${signatureOf('path')} ${signatureOf('serviceDLL')} pathCertificateChain ${signature}`,
      serviceDetails: 'type groupName machServices/machService',
    },
  }
}

/** What starts by itself: services, scheduled tasks and other entries of persistence. */
export const startGroups: readonly TermGroup[] = [
  services('ServiceItem'),
  services('PersistenceItem/ServiceItem', 'PersistenceItem'),
  {
    prefix: 'TaskItem',
    object: 'task',
    from: 'either',
    terms: {
      Name: 'task.name',
      AccountName: 'task.user',
      userName: 'task.user',
      ApplicationName: 'task.path',
      path: 'task.path',
      'ActionList/Action/ExecProgramPath': 'task.path',
      Parameters: 'task.command_line',
      arguments: 'task.command_line',
      crontabCommand: 'task.command_line',
      'ActionList/Action/ExecArguments': 'task.command_line',
      VirtualPath: 'task.file',
      reference: 'task.file',
      crontabPath: 'task.file',
      'triggers/trigger/schedule': 'task.schedule',
    },
    missing: {
      certificates: `${signatureOf('')} ${signature} ActionList/Action/DigitalSignature/SignatureExists
        ActionList/Action/DigitalSignature/SignatureVerified ActionList/Action/DigitalSignature/Description
        ActionList/Action/DigitalSignature/CertificateIssuer
        ActionList/Action/DigitalSignature/CertificateSubject`,
      taskDetails: `CreationDate AccountRunLevel AccountLogonType Comment Creator ExitCode Flag MaxRunTime
        MostRecentRunTime NextRunTime TriggerList/Trigger/TriggerBegin TriggerList/Trigger/TriggerFrequency
        TriggerList/Trigger/TriggerEnabled TriggerList/Trigger/TriggerEnd TriggerList/Trigger/TriggerMaxRunTime
        TriggerList/Trigger/TriggerDelay TriggerList/Trigger/TriggerSessionChangeType
        TriggerList/Trigger/TriggerSubscription TriggerList/Trigger/TriggerValueQueries
        TriggerList/Trigger/TriggerUsername ActionList/Action/ActionType ActionList/Action/COMClassId
        ActionList/Action/COMData ActionList/Action/EmailBody ActionList/Action/EmailServer
        ActionList/Action/EmailSubject ActionList/Action/EmailTo ActionList/Action/EmailCC
        ActionList/Action/EmailBCC ActionList/Action/EmailReplyTo ActionList/Action/EmailFrom
        ActionList/Action/EmailAttachments ActionList/Action/ExecWorkingDirectory
        ActionList/Action/ShowMessageTitle ActionList/Action/ShowMessageBody Priority Status WorkItemData
        WorkingDirectory groupName disabled triggers/trigger/type triggers/trigger/delay triggers/trigger/details
        crontabMinute crontabHour crontabDayOfMonth crontabMonth crontabDayOfWeek crontabEvent crontabPeriod
        crontabDelay crontabJobIdentifier`,
    },
  },
  {
    prefix: 'PersistenceItem',
    object: 'persistence',
    from: 'either',
    apart: 'persistence',
    terms: {
      PersistenceType: ['persistence.kind', 'plain', { scheduledtask: 'task', startup: 'autostart' }],
      name: 'persistence.name',
      ServiceName: 'persistence.name',
      path: 'persistence.path',
      FilePath: 'persistence.path',
      ServicePath: 'persistence.path',
      serviceDLL: 'persistence.path',
      arguments: 'persistence.command_line',
      LinkFilePath: 'persistence.file',
      reference: 'persistence.file',
      userName: 'persistence.user',
      startedAs: 'persistence.user',
    },
    missing: {
      analysis: 'detectedAnomaly',
      certificates: `${signatureOf('')} ${signatureOf('path')} ${signatureOf('serviceDLL')} ${signature}`,
      facts: `FileOwner FileCreated FileModified FileAccessed FileChanged pathAttributes/owner pathAttributes/group
        pathAttributes/size pathAttributes/accessedTime pathAttributes/modifiedTime pathAttributes/changedTime
        pathAttributes/createdTime`,
      serviceDetails: 'descriptiveName mode status groupName keepAlive disabled alias type',
    },
  },
]
