export { type Cluster, type ClusterOptions, type Owner, startPostgres } from './cluster.ts'
export { exists, giveTree, makeFolder, openTree } from './folders.ts'
export { postgresOwner, startTemporaryPostgres } from './temporary.ts'
