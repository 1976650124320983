export { type Activated, activated, type Refusal, refused } from './acknowledge.ts'
export { type Deployed, deploy, rollBack } from './deploy.ts'
export { routes } from './routes.ts'
export {
  type DeploymentReport,
  type DeploymentStatus,
  deploymentReport,
  deploymentReports,
  deploymentStatus,
  type ProfileReport,
} from './status.ts'
export { deploymentOf, latestDeployment, type StoredDeployment } from './store.ts'
