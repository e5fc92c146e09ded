/**
 * A second simulator that shares nothing with the first: it walks through time in small steps and looks at everything
 * at each of them. Where all events fall on its grid it is exact; elsewhere it is late by one step per event at most.
 */
import type { Instance } from './instances.ts'

export interface SteppedTask {
  readonly status: 'finished' | 'failed'
  readonly startSeconds: number | null
  readonly finishSeconds: number | null
}

interface Body {
  readonly index: number
  vm: number
  state: 'coming' | 'moving' | 'waiting' | 'running' | 'sending' | 'finished' | 'failed'
  /** MI on each core. */
  workLeft: number
  /** Work that a failure would leave. */
  savedWork: number
  /** Seconds of computing since the last start. */
  ranSeconds: number
  dueSeconds: number
  turn: number
  startSeconds: number | null
  finishSeconds: number | null
}

const rounding = 1e-9

export function timeStepped({ tasks, vms, assignment, options }: Instance, stepSeconds: number): SteppedTask[] {
  const { failures = [], migrations = [], checkpointSeconds, sharing } = options
  const bodies: Body[] = tasks.map(({ lengthMi }, index) => ({
    index,
    vm: assignment[index]!,
    state: 'coming',
    workLeft: lengthMi!,
    savedWork: lengthMi!,
    ranSeconds: 0,
    dueSeconds: 0,
    turn: 0,
    startSeconds: null,
    finishSeconds: null,
  }))
  const machines = vms.map(({ bootSeconds = 0 }) => ({ isBooting: bootSeconds > 0, brokenCount: 0, isDead: false }))
  let turns = 0

  const coresOf = (body: Body): number => tasks[body.index]!.cores ?? 1
  const runningOn = (vm: number): Body[] => bodies.filter((body) => body.state === 'running' && body.vm === vm)
  const threadsOn = (vm: number): number => runningOn(vm).reduce((sum, body) => sum + coresOf(body), 0)
  const transfer = (megabytes = 0, mbps = Infinity): number => (8 * megabytes) / mbps
  const happens = (at: number, now: number): boolean => Math.abs(at - now) < stepSeconds / 2

  function reach(body: Body): void {
    if (machines[body.vm]!.isDead) body.state = 'failed'
    else Object.assign(body, { state: 'waiting', turn: turns++ })
  }

  function travel(body: Body, seconds: number, now: number): void {
    if (seconds === 0) reach(body)
    else Object.assign(body, { state: 'moving', dueSeconds: now + seconds })
  }

  function finishAndDeliver(now: number): void {
    for (const body of bodies) {
      if (body.state === 'running' && body.workLeft <= rounding) {
        const seconds = transfer(tasks[body.index]!.outputMegabytes, vms[body.vm]!.bandwidthMbps)
        Object.assign(body, { state: 'sending', dueSeconds: now + seconds })
      }
      if (body.state === 'sending' && body.dueSeconds <= now + rounding)
        Object.assign(body, { state: 'finished', finishSeconds: now })
    }
  }

  function breakAndRepair(now: number): void {
    for (const { vm, atSeconds, repairSeconds } of failures) {
      if (happens(atSeconds, now)) breakDown(vm, repairSeconds === null)
    }
    for (const { vm, atSeconds, repairSeconds } of failures) {
      if (repairSeconds !== null && happens(atSeconds + repairSeconds, now)) machines[vm]!.brokenCount--
    }
    vms.forEach(({ bootSeconds = 0 }, vm) => {
      if (happens(bootSeconds, now)) machines[vm]!.isBooting = false
    })
  }

  function breakDown(vm: number, isFinal: boolean): void {
    machines[vm]!.brokenCount++
    if (isFinal) machines[vm]!.isDead = true
    for (const body of runningOn(vm)) {
      const saved =
        checkpointSeconds === undefined
          ? 0
          : Math.floor(body.ranSeconds / checkpointSeconds + rounding) * checkpointSeconds
      body.workLeft =
        checkpointSeconds === undefined ? tasks[body.index]!.lengthMi! : body.savedWork - saved * vms[vm]!.speedMips!
      body.state = 'waiting'
    }
    if (isFinal) {
      for (const body of bodies) if (body.state === 'waiting' && body.vm === vm) body.state = 'failed'
    }
  }

  function arriveAndLand(now: number): void {
    for (const body of bodies) {
      const { arrivalSeconds = 0, inputMegabytes } = tasks[body.index]!
      if (body.state === 'coming' && happens(arrivalSeconds, now)) {
        travel(body, transfer(inputMegabytes, vms[body.vm]!.bandwidthMbps), now)
      } else if (body.state === 'moving' && body.dueSeconds <= now + rounding) reach(body)
    }
  }

  function migrate(now: number): void {
    const due = migrations.filter(({ atSeconds }) => happens(atSeconds, now)).sort((a, b) => a.task - b.task)
    for (const { task, vm } of due) {
      const body = bodies[task]!
      const from = vms[body.vm]!
      const to = vms[vm]!
      if ((body.state !== 'waiting' && body.state !== 'running') || body.vm === vm || machines[vm]!.isDead) continue
      const { lengthMi, memoryMegabytes, inputMegabytes } = tasks[task]!
      const hasBegun = body.workLeft < lengthMi! - rounding
      const slower = Math.min(from.bandwidthMbps!, to.bandwidthMbps!)
      body.vm = vm
      travel(body, hasBegun ? transfer(memoryMegabytes, slower) : transfer(inputMegabytes, to.bandwidthMbps), now)
    }
  }

  function startAll(now: number): void {
    const inTurn = bodies.filter(({ state }) => state === 'waiting').sort((a, b) => a.turn - b.turn)
    for (const body of inTurn) {
      const { isBooting, brokenCount } = machines[body.vm]!
      const fits = sharing === 'time' || threadsOn(body.vm) + coresOf(body) <= vms[body.vm]!.cores!
      if (isBooting || brokenCount > 0 || !fits) continue
      Object.assign(body, {
        state: 'running',
        savedWork: body.workLeft,
        ranSeconds: 0,
        startSeconds: body.startSeconds ?? now,
      })
    }
  }

  function computeOneStep(): void {
    const share = vms.map(({ cores }, vm) => Math.min(1, cores! / threadsOn(vm)))
    for (const body of bodies.filter(({ state }) => state === 'running')) {
      body.workLeft -= vms[body.vm]!.speedMips! * share[body.vm]! * stepSeconds
      body.ranSeconds += share[body.vm]! * stepSeconds
    }
  }

  for (let step = 0; bodies.some(({ state }) => state !== 'finished' && state !== 'failed'); step++) {
    const now = step * stepSeconds
    if (now > 10_000) throw new Error('the time-stepped simulation does not end')
    finishAndDeliver(now)
    breakAndRepair(now)
    arriveAndLand(now)
    migrate(now)
    startAll(now)
    computeOneStep()
  }
  return bodies.map(({ state, startSeconds, finishSeconds }) => ({
    status: state === 'failed' ? 'failed' : 'finished',
    startSeconds,
    finishSeconds,
  }))
}
