export { addressText, ipv6Text } from './address.ts'
export { AuditAssembler, type JoinedRecords } from './audit/joined-records.ts'
export { type AuditEvent, kernelEventOf } from './audit/kernel-event.ts'
