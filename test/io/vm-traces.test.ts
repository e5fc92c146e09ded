import { describe, expect, test } from 'vitest'
import { readAzureVmNoise, speedFactors } from '../../src/io/azure-vm-noise.ts'
import { type AzureVmTraceSources, azureVmsToTasks, readAzureVmTrace } from '../../src/io/azure-vm-trace.ts'
import { bitbrainsToVms, readBitbrainsInventory, readBitbrainsVm } from '../../src/io/bitbrains.ts'
import { readPlanetlabCsv } from '../../src/io/planetlab.ts'
import { createProblem } from '../../src/model/problem.ts'
import { caught } from '../caught.ts'

describe('Azure VM arrivals', () => {
  const flavours = '1,1.75 b\n2,3.5 g\n16,112 d\n'
  // bin 1: 300 s; bin 2: 600..900 s, middle 750 s; bin 3: 1200 s
  const intervals = '0 0\n300 1\n600 2\n900 2\n1200 3\n'
  const arrivals = '300 b,|,g,g\n600 \n900 d,|\n'
  const bins = '300 U1,|,C3,U2\n600 \n900 U0,|\n'
  const sources: AzureVmTraceSources = { arrivals, flavours, lifetimes: { bins, intervals } }

  test('arrivals, batches and flavours', () => {
    expect(readAzureVmTrace({ arrivals, flavours })).toEqual({
      vmCount: 4,
      arrivalSeconds: Float64Array.of(300, 300, 300, 900),
      batch: Int32Array.of(0, 1, 1, 2),
      flavour: Int32Array.of(0, 1, 1, 2),
      flavours: [
        { letter: 'b', cores: 1, memoryGb: 1.75 },
        { letter: 'g', cores: 2, memoryGb: 3.5 },
        { letter: 'd', cores: 16, memoryGb: 112 },
      ],
      lifetimes: null,
      stepSeconds: [300, 600, 900],
    })
  })

  test('lifetimes: the middle of the bin and half a time step', () => {
    expect(readAzureVmTrace(sources).lifetimes).toEqual({
      seconds: Float64Array.of(450, 1350, 900, 150),
      isRunning: Uint8Array.of(0, 1, 0, 0),
    })
  })

  test('as tasks, those that still ran left out', () => {
    const { tasks, skipped } = azureVmsToTasks(readAzureVmTrace(sources), { speedMips: 10 })
    expect(tasks).toEqual([
      { id: '0', lengthMi: 4500, demand: { cpu: 1, memoryMib: 1792 }, arrivalSeconds: 300 },
      { id: '2', lengthMi: 9000, demand: { cpu: 2, memoryMib: 3584 }, arrivalSeconds: 300 },
      { id: '3', lengthMi: 1500, demand: { cpu: 16, memoryMib: 114_688 }, arrivalSeconds: 900 },
    ])
    expect(skipped).toEqual([1])
  })

  test('without lifetimes there are no tasks', () => {
    expect(caught(() => azureVmsToTasks(readAzureVmTrace({ arrivals, flavours })))).toMatchObject({
      code: 'invalid-input',
      path: 'trace.lifetimes',
    })
  })

  test.each<[string, Partial<AzureVmTraceSources>, string]>([
    ['a flavour that is not in the map', { arrivals: '300 b,x\n' }, 'line 1, column arrivals'],
    ['an empty entry', { arrivals: '300 b,,b\n' }, 'line 1, column arrivals'],
    ['a time alone', { arrivals: '300\n' }, 'line 1'],
    ['a broken flavour', { flavours: '1 b\n' }, 'line 1, column size'],
    ['a flavour of three numbers', { flavours: '1,2,3 b\n' }, 'line 1, column size'],
    [
      'a bin that is not in the map',
      { lifetimes: { bins: bins.replace('C3', 'C9'), intervals } },
      'line 1, column lifetimes',
    ],
    [
      'a letter that is neither U nor C',
      { lifetimes: { bins: bins.replace('C3', 'X3'), intervals } },
      'line 1, column lifetimes',
    ],
    ['a time step too few', { lifetimes: { bins: '300 U1,|,C3,U2\n600 \n', intervals } }, 'lifetimes'],
    ['another time', { lifetimes: { bins: bins.replace('600', '601'), intervals } }, 'line 2 of the lifetimes'],
    ['a VM too few', { lifetimes: { bins: bins.replace('C3,U2', 'C3'), intervals } }, 'line 1 of the lifetimes'],
    [
      'other batches',
      { lifetimes: { bins: bins.replace('U1,|,C3', 'U1,C3,|'), intervals } },
      'line 1 of the lifetimes',
    ],
    ['a broken bin', { lifetimes: { bins, intervals: '0 a\n' } }, 'line 1, column bin'],
    ['an empty map', { flavours: '' }, 'text'],
  ])('%s is refused', (_, part, path) => {
    expect(caught(() => readAzureVmTrace({ ...sources, ...part }))).toMatchObject({ code: 'format', path })
  })
})

describe('Azure VM noise', () => {
  const source =
    'value,runtime,starttime,VM_id\n110.5,90.01,2024-01-02 03:04:05.678,0\n100,90,2024-01-01 00:00:00,1\n90,90,1970-01-01 00:00:01,0\n'

  test('rows, times as UTC', () => {
    expect(readAzureVmNoise(source)).toEqual([
      // 2024-01-02 is day 19 724 of the epoch: 19 724 x 86 400 + 3 x 3600 + 4 x 60 + 5.678
      { eventsPerSecond: 110.5, runSeconds: 90.01, startSeconds: 1_704_164_645.678, vm: '0' },
      { eventsPerSecond: 100, runSeconds: 90, startSeconds: 1_704_067_200, vm: '1' },
      { eventsPerSecond: 90, runSeconds: 90, startSeconds: 1, vm: '0' },
    ])
  })

  test('speed factors of the median 100', () => {
    expect(speedFactors(readAzureVmNoise(source))).toEqual([1.105, 1, 0.9])
    expect(speedFactors([])).toEqual([])
  })

  test.each<[string, string]>([
    ['2024-01-02', 'line 2, column starttime'],
    ['2024-13-02 03:04:05', 'line 2, column starttime'],
    ['yesterday', 'line 2, column starttime'],
  ])('the time %s is refused', (time, path) => {
    expect(caught(() => readAzureVmNoise(`value,runtime,starttime,VM_id\n1,90,${time},0\n`))).toMatchObject({
      code: 'format',
      path,
    })
  })
})

describe('Bitbrains', () => {
  const header =
    'Timestamp [ms];\tCPU cores;\tCPU capacity provisioned [MHZ];\tCPU usage [MHZ];\tCPU usage [%];\tMemory capacity provisioned [KB];\tMemory usage [KB];\tDisk read throughput [KB/s];\tDisk write throughput [KB/s];\tNetwork received throughput [KB/s];\tNetwork transmitted throughput [KB/s]'

  test('measurements of a VM, every field from its own column', () => {
    const [sample] = readBitbrainsVm(`${header}\n1000000300;\t2;\t3.5;\t4;\t5.25;\t6.0;\t7;\t8;\t9;\t10;\t11\n`)
    expect(sample).toEqual({
      timestampSeconds: 1_000_000_300,
      cores: 2,
      cpuCapacityMhz: 3.5,
      cpuUsageMhz: 4,
      cpuUsagePercent: 5.25,
      memoryCapacityKb: 6,
      memoryUsageKb: 7,
      diskReadKbPerSecond: 8,
      diskWriteKbPerSecond: 9,
      networkInKbPerSecond: 10,
      networkOutKbPerSecond: 11,
    })
  })

  test('a measurement that is cut off or no number is refused', () => {
    expect(caught(() => readBitbrainsVm(`${header}\n1;\t2;\t3`))).toMatchObject({
      path: 'line 2',
      hint: 'Maybe the file was cut off here.',
    })
    expect(caught(() => readBitbrainsVm(`${header}\n1;\t2;\tNaN;\t4;\t5;\t6;\t7;\t8;\t9;\t10;\t11\n`))).toMatchObject({
      path: 'line 2, column CPU capacity provisioned [MHZ]',
    })
    expect(caught(() => readBitbrainsVm('vm,rows\n1,2\n')).code).toBe('format')
  })

  const inventory =
    'vm,rows,cores,cpu_capacity_mhz,mem_capacity_kb,cpu_pct_mean,cpu_pct_p95,cpu_pct_max,cpu_mhz_mean,cpu_mhz_p95,mem_used_kb_mean,mem_used_kb_p95\n5,100,2,5200,4096,1,2,3,4,5,6,7\n'

  test('inventory, and its VMs', () => {
    const rows = readBitbrainsInventory(inventory)
    expect(rows).toEqual([
      {
        id: '5',
        sampleCount: 100,
        cores: 2,
        cpuCapacityMhz: 5200,
        memoryCapacityKb: 4096,
        cpuPercentMean: 1,
        cpuPercentP95: 2,
        cpuPercentMax: 3,
        cpuMhzMean: 4,
        cpuMhzP95: 5,
        memoryUsedKbMean: 6,
        memoryUsedKbP95: 7,
      },
    ])
    expect(bitbrainsToVms(rows)).toEqual([{ id: '5', speedMips: 2600, cores: 2, capacity: { cpu: 2, memoryMib: 4 } }])
    expect(createProblem({ tasks: [], vms: bitbrainsToVms(rows) }).vmCount).toBe(1)
  })

  test('a VM without cores is refused', () => {
    expect(caught(() => readBitbrainsInventory(inventory.replace('100,2,', '100,0,')))).toMatchObject({
      path: 'line 2, column cores',
    })
  })
})

describe('PlanetLab', () => {
  test('a row per VM, any number of steps', () => {
    expect(readPlanetlabCsv('vm,t0,t1,t2\nhost_a,1,50,100\nhost_b,0,0,0\n')).toEqual([
      { id: 'host_a', cpuPercent: [1, 50, 100] },
      { id: 'host_b', cpuPercent: [0, 0, 0] },
    ])
  })

  test.each<[string, string, string]>([
    ['no vm column', 'name,t0\na,1\n', 'line 1'],
    ['steps out of order', 'vm,t1,t0\na,1,2\n', 'line 1'],
    ['more than 100 per cent', 'vm,t0,t1\na,1,101\n', 'line 2, column t1'],
    ['a cut-off row', 'vm,t0,t1\na,1,2\nb,1', 'line 3'],
  ])('%s is refused', (_, source, path) => {
    expect(caught(() => readPlanetlabCsv(source))).toMatchObject({ code: 'format', path })
  })
})
