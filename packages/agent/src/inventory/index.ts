export { Inventory, type InventoryOptions } from './inventory.ts'
export type { HashedFile, HashKind, InventoryAnswer, InventoryCounts, KnownFile } from './messages.ts'
