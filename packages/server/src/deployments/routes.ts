import * as contracts from '@tocsin/api/v1/deployments.ts'
import { type Route, route } from '../http/serve.ts'
import { isoTime, isoTimeOrNull } from '../storage/times.ts'
import { deploy, rollBack } from './deploy.ts'
import { type DeploymentReport, deploymentReport, deploymentReports, deploymentStatus } from './status.ts'

export const routes: readonly Route[] = [
  route(contracts.deployIntel, ({ context, principal }) => deploy(context, principal)),
  route(contracts.rollBackTo, ({ context, principal, params }) =>
    rollBack(context, principal, params.revision),
  ),
  route(contracts.deploymentState, async ({ context }) => {
    const status = await deploymentStatus(context)
    return {
      ...status,
      createdAt: isoTimeOrNull(status.createdAt),
      modifiedAt: isoTimeOrNull(status.modifiedAt),
    }
  }),
  route(contracts.listDeployments, async ({ context, query }) => ({
    items: (await deploymentReports(context, query.limit)).map(shown),
  })),
  route(contracts.oneDeployment, async ({ context, params }) =>
    shown(await deploymentReport(context, params.revision)),
  ),
]

function shown({ deployment, state, profiles, ...answers }: DeploymentReport) {
  const { activated, pending, offline, refused, setAside } = answers
  const { revision, digest, signature, previous, size, createdBy } = deployment
  return {
    ...{ revision, digest, signature, previous, state, size, createdBy },
    programs: deployment.programs.length,
    createdAt: isoTime(deployment.createdAt),
    expiresAt: isoTime(deployment.expiresAt),
    settledAt: isoTimeOrNull(deployment.settledAt),
    profiles: [...profiles],
    endpoints: { activated, pending, offline, refused: [...refused], setAside: [...setAside] },
  }
}
