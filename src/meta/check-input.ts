import { type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import type { CloudTask, Resource } from './clouds/cloud.ts'
import type { SupportSet } from './clouds/support.ts'
import type { MetaModel } from './model.ts'

/** Throws `invalid-input` unless a support set fits its resources and the model. */
export function checkSupport(model: MetaModel, { resources, records }: SupportSet): void {
  const findings: Finding[] = [...kindFindings(model, resources, 'support.resources')]
  if (resources.length === 0)
    findings.push({ path: 'support.resources', received: [], expected: 'at least one resource' })
  records.forEach(({ task, resources: used, seconds }, k) => {
    findings.push(...taskFindings(model, [task], `support.records[${k}].task`))
    used.forEach((j, at) => {
      const path = `support.records[${k}]`
      if (!Number.isInteger(j) || j < 0 || j >= resources.length)
        findings.push({
          path: `${path}.resources[${at}]`,
          received: j,
          expected: `a place in the list of ${resources.length} resources`,
        })
      if (!(Number.isFinite(seconds[at]) && seconds[at]! > 0))
        findings.push({ path: `${path}.seconds[${at}]`, received: seconds[at], expected: 'a finite number > 0' })
    })
  })
  throwFindings('invalid-input', findings)
}

/** Throws `invalid-input` unless tasks and resources fit the model and the support set. */
export function checkDecision(
  model: MetaModel,
  support: SupportSet,
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
): void {
  const findings = [...taskFindings(model, tasks, 'tasks'), ...kindFindings(model, resources, 'resources')]
  if (resources.length !== support.resources.length)
    findings.push({
      path: 'options.resources',
      received: resources.length,
      expected: `the ${support.resources.length} resources that the scheduler was adapted to`,
      hint: 'Adapt again when resources come or go.',
    })
  throwFindings('invalid-input', findings)
}

function taskFindings({ features }: MetaModel, tasks: readonly CloudTask[], path: string): Finding[] {
  const classCount = features.form === 'pairs' ? features.prior.classCount : features.classCount
  return tasks.flatMap((task, i) => {
    const at = path === 'tasks' ? `tasks[${i}]` : path
    const found: Finding[] = []
    if (!(Number.isInteger(task.workloadClass) && task.workloadClass >= 0 && task.workloadClass < classCount))
      found.push({
        path: `${at}.workloadClass`,
        received: task.workloadClass,
        expected: `one of the ${classCount} classes of the model, from 0`,
      })
    for (const key of ['computeGflop', 'storageGb', 'networkMbit', 'latencySeconds'] as const) {
      if (!(Number.isFinite(task[key]) && task[key] > 0))
        found.push({ path: `${at}.${key}`, received: task[key], expected: 'a finite number > 0' })
    }
    return found
  })
}

function kindFindings({ features }: MetaModel, resources: readonly Resource[], path: string): Finding[] {
  if (features.form === 'slots') return []
  const { kindCount } = features.prior
  return resources.flatMap((resource, j): Finding[] => {
    const found: Finding[] = []
    if (!(Number.isInteger(resource.kind) && resource.kind >= 0 && resource.kind < kindCount))
      found.push({
        path: `${path}[${j}].kind`,
        received: resource.kind,
        expected: `one of the ${kindCount} kinds of the model, from 0`,
      })
    for (const key of ['speedGflops', 'bandwidthMbps', 'storageGb'] as const) {
      if (!(Number.isFinite(resource[key]) && resource[key] > 0))
        found.push({ path: `${path}[${j}].${key}`, received: resource[key], expected: 'a finite number > 0' })
    }
    return found
  })
}
