import { describe, expect, test } from 'vitest'
import { alibabaBatchToTasks, readAlibabaBatchTasks } from '../../src/io/alibaba-batch.ts'
import { readAlibabaDlrm } from '../../src/io/alibaba-dlrm.ts'
import { openbGpuDemand, openbNodesToVms, openbPodsToTasks, readOpenbNodes, readOpenbPods } from '../../src/io/openb.ts'
import { createProblem, isEligible } from '../../src/model/problem.ts'
import { caught } from '../caught.ts'

describe('Alibaba batch tasks', () => {
  const header = ',submit_time,duration,cpu,memory,job_id,task_id,instances_num,disk'
  const source = `${header}\n0,100,2.5,0.5,0.01,7,1,3,0\n1,40,10.0,1.0,0.02,7,2,1,0\n`

  test('rows in the order of the file', () => {
    expect(readAlibabaBatchTasks(source)).toEqual([
      {
        submitSeconds: 100,
        durationSeconds: 2.5,
        cpuCores: 0.5,
        memoryShare: 0.01,
        jobId: '7',
        taskId: '1',
        instanceCount: 3,
        disk: 0,
      },
      {
        submitSeconds: 40,
        durationSeconds: 10,
        cpuCores: 1,
        memoryShare: 0.02,
        jobId: '7',
        taskId: '2',
        instanceCount: 1,
        disk: 0,
      },
    ])
  })

  test('as tasks: 2.5 s x 3 instances x 1000 MIPS', () => {
    expect(alibabaBatchToTasks(readAlibabaBatchTasks(source))).toEqual([
      { id: '7.1', lengthMi: 7500, demand: { cpu: 0.5, memory: 0.01 }, arrivalSeconds: 100 },
      { id: '7.2', lengthMi: 10_000, demand: { cpu: 1, memory: 0.02 }, arrivalSeconds: 40 },
    ])
  })

  test('as instances: the same work in as many tasks', () => {
    const rows = readAlibabaBatchTasks(source)
    const instances = alibabaBatchToTasks(rows, { granularity: 'instance', speedMips: 2 })
    expect(instances.map(({ id, lengthMi }) => [id, lengthMi])).toEqual([
      ['7.1.0', 5],
      ['7.1.1', 5],
      ['7.1.2', 5],
      ['7.2.0', 20],
    ])
    expect(
      createProblem({ tasks: instances, vms: [{ speedMips: 1, capacity: { cpu: 8, memory: 1 } }] }).taskCount,
    ).toBe(4)
  })

  test.each<[string, string, string]>([
    ['a missing column', source.replace('duration', 'length'), 'line 1'],
    ['no instances', `${header}\n0,1,1,1,1,1,1,0,0\n`, 'line 2, column instances_num'],
    ['a duration of 0', `${header}\n0,1,0,1,1,1,1,1,0\n`, 'line 2, column duration'],
    ['no job', `${header}\n0,1,1,1,1,,1,1,0\n`, 'line 2, column job_id'],
    ['a cut-off row', `${source}2,50,1.`, 'line 4'],
  ])('%s is refused', (_, text, path) => {
    expect(caught(() => readAlibabaBatchTasks(text))).toMatchObject({ code: 'format', path })
  })
})

describe('openb nodes and pods', () => {
  const nodeSource =
    'sn,cpu_milli,memory_mib,gpu,model\nn-0,32000,65536,0,\nn-1,96000,131072,2,T4\nn-2,96000,131072,8,A10\n'
  const podHeader =
    'name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time'
  const podSource = [
    podHeader,
    'p-0,4000,8192,0,0,,LS,Running,10,110,20',
    'p-1,6000,8192,1,460,T4|A10|T4,BE,Succeeded,30,60,',
    'p-2,8000,8192,4,1000,,LS,Pending,40,,',
    'p-3,8000,8192,2,1000,,LS,Failed,40,40,',
  ].join('\n')
  const nodes = readOpenbNodes(nodeSource)
  const pods = readOpenbPods(podSource)

  test('nodes', () => {
    expect(nodes[0]).toEqual({ id: 'n-0', cpuMilli: 32_000, memoryMib: 65_536, gpuCount: 0, gpuModel: null })
    expect(nodes[1]).toEqual({ id: 'n-1', cpuMilli: 96_000, memoryMib: 131_072, gpuCount: 2, gpuModel: 'T4' })
  })

  test('pods', () => {
    expect(pods[0]).toEqual({
      id: 'p-0',
      cpuMilli: 4000,
      memoryMib: 8192,
      gpuCount: 0,
      gpuMilli: 0,
      gpuModels: null,
      qos: 'LS',
      phase: 'Running',
      creationSeconds: 10,
      deletionSeconds: 110,
      scheduledSeconds: 20,
    })
    expect(pods[1]).toMatchObject({ gpuModels: ['T4', 'A10'], scheduledSeconds: null })
    expect(pods[2]).toMatchObject({ deletionSeconds: null })
  })

  test('GPUs: a part of one, or whole ones', () => {
    expect(pods.map(openbGpuDemand)).toEqual([0, 0.46, 4, 2])
  })

  test('as VMs and tasks; a pod without end or without length gives no task', () => {
    expect(openbNodesToVms(nodes)[1]).toEqual({
      id: 'n-1',
      speedMips: 1000,
      capacity: { cpu: 96, memoryMib: 131_072, gpu: 2 },
      labels: { gpuModel: 'T4' },
    })
    const { tasks, skipped } = openbPodsToTasks(pods)
    expect(tasks).toEqual([
      // 110 - 20 s after it was scheduled; 60 - 30 s where it never was
      { id: 'p-0', lengthMi: 90_000, demand: { cpu: 4, memoryMib: 8192, gpu: 0 }, arrivalSeconds: 10 },
      {
        id: 'p-1',
        lengthMi: 30_000,
        demand: { cpu: 6, memoryMib: 8192, gpu: 0.46 },
        arrivalSeconds: 30,
        requiredLabels: { gpuModel: ['T4', 'A10'] },
      },
    ])
    expect(skipped.map(({ id }) => id)).toEqual(['p-2', 'p-3'])
    const problem = createProblem({ tasks, vms: openbNodesToVms(nodes, { speedMips: 500 }) })
    expect([0, 1, 2].map((vm) => isEligible(problem, 1, vm))).toEqual([false, true, true])
  })

  test.each<[string, () => unknown, string]>([
    ['nodes for pods', () => readOpenbPods(nodeSource), 'line 1'],
    ['pods for nodes', () => readOpenbNodes(podSource), 'line 1'],
    ['a GPU and a half', () => readOpenbNodes('sn,cpu_milli,memory_mib,gpu,model\na,1,1,1.5,\n'), 'line 2, column gpu'],
    [
      'a negative time',
      () => readOpenbPods(`${podHeader}\np,1,1,0,0,,LS,Running,-1,2,1\n`),
      'line 2, column creation_time',
    ],
  ])('%s are refused', (_, call, path) => {
    expect(caught(call)).toMatchObject({ code: 'format', path })
  })
})

describe('Alibaba DLRM instances', () => {
  const header =
    'instance_sn,role,app_name,cpu_request,cpu_limit,gpu_request,gpu_limit,rdma_request,rdma_limit,memory_request,memory_limit,disk_request,disk_limit,max_instance_per_node,creation_time,scheduled_time,deletion_time'
  const source = `${header}\ni-0,HN,app-a,12,16,1,1,25,50,2.0,4.0,10.0,20.0,8,,,\ni-1,CN,app-b,48,48,0,0,1,1,1.5,1.5,5,5,-1,100.5,101,900\n`

  test('rows, memory in MiB', () => {
    expect(readAlibabaDlrm(source)).toEqual([
      {
        id: 'i-0',
        role: 'HN',
        app: 'app-a',
        demand: { cpu: 12, gpu: 1, rdma: 25, memoryMib: 2048, diskGib: 10 },
        limit: { cpu: 16, gpu: 1, rdma: 50, memoryMib: 4096, diskGib: 20 },
        maxPerNode: 8,
        creationSeconds: null,
        scheduledSeconds: null,
        deletionSeconds: null,
      },
      {
        id: 'i-1',
        role: 'CN',
        app: 'app-b',
        demand: { cpu: 48, gpu: 0, rdma: 1, memoryMib: 1536, diskGib: 5 },
        limit: { cpu: 48, gpu: 0, rdma: 1, memoryMib: 1536, diskGib: 5 },
        maxPerNode: null,
        creationSeconds: 100.5,
        scheduledSeconds: 101,
        deletionSeconds: 900,
      },
    ])
  })

  test.each<[string, string, string]>([
    ['an unknown role', source.replace(',HN,', ',GN,'), 'line 2, column role'],
    ['a limit of 0 per node', source.replace(',8,,,', ',0,,,'), 'line 2, column max_instance_per_node'],
    ['a missing column', source.replace('rdma_limit', 'rdma'), 'line 1'],
    ['a cut-off row', source.slice(0, -20), 'line 3'],
  ])('%s is refused', (_, text, path) => {
    expect(caught(() => readAlibabaDlrm(text))).toMatchObject({ code: 'format', path })
  })
})
