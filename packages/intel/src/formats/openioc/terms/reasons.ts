/** What would have to be recorded or scanned for a term, by the word that the table uses. */
const needed = {
  addresses: 'the details of routes and of neighbours on the network',
  analysis: 'an analysis of programs whose method is not published',
  attributes: 'the file attributes of Windows',
  browsers: 'the histories of browsers',
  certificates: 'a check of signatures against trusted certificates',
  devices: 'the device paths and device objects of Windows',
  disks: 'the layout of disks and volumes',
  dns: 'the fields of DNS records',
  eventDetails: 'details of events that no probe records',
  eventLog: 'the event logs of Windows',
  facts: 'facts of the file that the entry starts',
  handles: 'the details of handles',
  hardware: 'the inventory of hardware and settings',
  hidden: 'a comparison of several lists of processes',
  http: 'the content of web requests',
  ids: 'the security identifiers of Windows and the numbers of users and groups',
  kernel: 'the memory of the kernel',
  kernelModules: 'the details of kernel modules',
  logins: 'the history of logins',
  memory: 'the memory of processes',
  ntfs: 'the master file table of NTFS',
  prefetch: 'the prefetch files of Windows',
  processorTime: 'the processor time of processes',
  quarantine: 'the quarantine of macOS',
  registryDetails: 'types, times, owners and sizes of registry keys',
  resourceBytes: 'the bytes of single resources, where the document holds them encoded',
  restore: 'the restore points of Windows',
  serviceDetails: 'details of services',
  shells: 'the histories of shells and of sudo',
  streams: 'the alternate data streams of NTFS',
  syslog: 'the system log',
  taskDetails: 'details of scheduled tasks',
  userDetails: 'details of accounts',
} as const

/** What a term speaks of that is on no endpoint. */
const elsewhere = {
  bookkeeping: 'the bookkeeping of another product',
  mail: 'a message on its way through a mail server',
  traffic: 'a rule for network traffic',
} as const

/** What else there is to say. */
const other = {
  unlisted: "none of OpenIOC's terms",
  ruleName: 'the name of a YARA rule of another document',
} as const

export type Reason = keyof typeof needed | keyof typeof elsewhere | keyof typeof other

/** Why a term is not evaluable. */
export function whyNot(reason: Reason): string {
  if (isOther(reason)) return other[reason]
  if (isElsewhere(reason)) return `no meaning on an endpoint, it speaks of ${elsewhere[reason]}`
  return `not recorded here, it would need ${needed[reason]}`
}

export function isReason(word: string): word is Reason {
  return [needed, elsewhere, other].some((reasons) => Object.hasOwn(reasons, word))
}

function isElsewhere(reason: Reason): reason is keyof typeof elsewhere {
  return Object.hasOwn(elsewhere, reason)
}

function isOther(reason: Reason): reason is keyof typeof other {
  return Object.hasOwn(other, reason)
}
