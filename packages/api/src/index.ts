export { type CallInput, CallRefused, type Connection, call, type Refusal } from './client.ts'
export { type Contract, contract } from './contract.ts'
export { type Permission, permissions, type Role, roles } from './permissions.ts'
