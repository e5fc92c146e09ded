/** A small cluster with GPUs: pods come one by one, each refusal names its reason; then machines and tasks change. */
import { createFleet, createTaskMix, describeRefusal, packOnline, scarcityAware } from 'cloudsched/packing'

const machines = [
  { id: 'gpu-1', capacity: { cpu: 16, memoryMib: 65_536, gpu: 2 }, labels: { gpuModel: 'T4' } },
  { id: 'gpu-2', capacity: { cpu: 16, memoryMib: 65_536, gpu: 2 }, labels: { gpuModel: 'A10' } },
  { id: 'plain', capacity: { cpu: 32, memoryMib: 65_536 } },
]
const tasks = [
  { id: 'train-1', demand: { cpu: 4, gpu: 1 }, requiredLabels: { gpuModel: 'T4' } },
  { id: 'serve-1', demand: { cpu: 2, gpu: 0.5 } },
  { id: 'report', demand: { cpu: 6 } },
  { id: 'serve-2', demand: { cpu: 2, gpu: 0.5 } },
  { id: 'train-2', demand: { cpu: 4, gpu: 1 }, requiredLabels: { gpuModel: 'T4' } },
  { id: 'train-3', demand: { cpu: 4, gpu: 1 } },
]

for (const rule of ['firstFit', 'scarcity'] as const) {
  const { machineOf, refused } = packOnline(machines, tasks, { rule })
  console.log(`${rule}: ${tasks.map(({ id }, i) => `${id} on ${machines[machineOf[i]!]?.id ?? 'none'}`).join(', ')}`)
  for (const { task, reasons } of refused) {
    const list = reasons.map(({ kind, name, machines: count }) => `${kind} ${name} on ${count}`)
    console.log(`  ${tasks[task]!.id} refused: ${list.join(', ')}`)
  }
}

const fleet = createFleet(machines)
const mix = createTaskMix()
const rule = scarcityAware(mix)
for (const task of tasks) {
  const request = fleet.request(task)
  mix.observe(request)
  const chosen = fleet.choose(request, rule)
  if (chosen) fleet.place(task.id, request, chosen.machine, chosen.device)
}
const pair = fleet.request({ demand: { cpu: 4, gpu: 2 } })
console.log(`gpu-2: ${fleet.refusals(pair, fleet.machineIndex('gpu-2')).map(describeRefusal).join('; ')}`)
for (const id of ['serve-1', 'serve-2', 'train-3']) fleet.release(id)
const chosen = fleet.choose(pair, rule)
console.log(`after three tasks have left it goes to ${chosen ? fleet.machineId(chosen.machine) : 'none'}`)
