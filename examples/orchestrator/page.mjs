/** Draws what the orchestrator sends: a history when the page opens, then a sample and the state once a second. */
const shownSeconds = 120
let samples = []
let state = null

const source = new EventSource('events')
source.addEventListener('history', ({ data }) => {
  samples = JSON.parse(data)
  say('live')
})
source.addEventListener('sample', ({ data }) => {
  samples = [...samples, JSON.parse(data)].slice(-180)
})
source.addEventListener('state', ({ data }) => {
  state = JSON.parse(data)
  draw()
})
source.addEventListener('error', () => say('no connection: waiting for the orchestrator to come back', true))
document.querySelector('#add').addEventListener('click', addTasks)

function draw() {
  const { machines, waiting, running, finished, cancelled, abandoned } = state
  const tiles = Object.entries({ waiting, running, finished, cancelled, abandoned })
  replace(
    '#tiles',
    ...tiles.map(([name, count]) => element('div', 'panel tile', element('b', '', count), element('span', '', name))),
  )
  replace('#machines', ...machines.map(machinePanel))
  replace('#courses', coursePanel(), finishedPanel())
  replace('#running', runningTable())
  replace('#ended', endedTable())
  replace('#anomalies', anomalyTable())
}

function machinePanel({ id, cores, booked, used }) {
  const course = (measure) =>
    samples.flatMap(({ atMs, machines }) => {
      const machine = machines.find((one) => one.id === id)
      return machine ? [[atMs, machine[measure]]] : []
    })
  const lines = [
    { name: 'in use', colour: '--used', points: course('used'), filled: true },
    { name: 'booked', colour: '--booked', points: course('booked'), stepped: true },
  ]
  const title = element(
    'h2',
    '',
    id,
    element('span', 'note', ` ${figure(used)} of ${figure(cores)} cores in use, ${figure(booked)} booked`),
  )
  return element('div', 'panel', title, chart(`Cores of ${id} over time`, lines, cores), key(lines))
}

function coursePanel() {
  const lines = [
    {
      name: 'waiting',
      colour: '--waiting',
      points: samples.map(({ atMs, waiting }) => [atMs, waiting]),
      stepped: true,
    },
    {
      name: 'running',
      colour: '--running',
      points: samples.map(({ atMs, running }) => [atMs, running]),
      stepped: true,
    },
  ]
  return element(
    'div',
    'panel',
    element('h2', '', 'Waiting and running tasks'),
    chart('Waiting and running tasks over time', lines, 1, wide()),
    key(lines),
  )
}

function finishedPanel() {
  const first = samples[0]?.finished ?? 0
  const points = samples.map(({ atMs, finished }) => [atMs, finished - first])
  const lines = [{ name: 'finished', colour: '--used', points, filled: true, stepped: true }]
  return element(
    'div',
    'panel',
    element('h2', '', 'Finished since the left edge'),
    chart('Finished tasks over time', lines, 1, wide()),
    key(lines),
  )
}

/** Width of a chart that has half of the page, or all of a narrow one: its letters stay as large as those of the others. */
function wide() {
  return matchMedia('(min-width: 760px)').matches ? 520 : 340
}

/** Time runs to the right and ends now; the top is at least `least`. */
function chart(title, lines, least, width = 340) {
  const [height, left, bottom] = [130, 30, 18]
  const nowMs = samples.at(-1)?.atMs ?? 0
  const isShown = ([atMs]) => atMs >= nowMs - 1000 * shownSeconds
  const most = Math.max(least, ...lines.flatMap(({ points }) => points.filter(isShown).map(([, value]) => value)))
  const step = niceStep(most)
  const top = Math.ceil(most / step) * step
  const x = (atMs) => left + (width - left) * (1 - (nowMs - atMs) / 1000 / shownSeconds)
  const y = (value) => (height - bottom) * (1 - value / top) + 4
  const drawing = shape('svg', { viewBox: `0 0 ${width} ${height + 4}`, role: 'img', 'aria-label': title })
  for (let value = 0; value <= top + step / 2; value += step) {
    drawing.append(shape('line', { class: 'grid', x1: left, x2: width, y1: y(value), y2: y(value) }))
    drawing.append(shape('text', { x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, figure(value)))
  }
  for (const seconds of [120, 60, 0]) {
    const label = seconds === 0 ? 'now' : `${seconds} s ago`
    const anchor = seconds === 120 ? 'start' : seconds === 0 ? 'end' : 'middle'
    drawing.append(shape('text', { x: x(nowMs - 1000 * seconds), y: height + 2, 'text-anchor': anchor }, label))
  }
  for (const { points, colour, filled, stepped } of lines) {
    const shown = points.filter(isShown)
    if (shown.length === 0) continue
    const path = shown.map(([atMs, value], k) =>
      k === 0 ? `M${x(atMs)} ${y(value)}` : stepped ? `H${x(atMs)}V${y(value)}` : `L${x(atMs)} ${y(value)}`,
    )
    const area = `${path.join('')}V${y(0)}H${x(shown[0][0])}Z`
    if (filled) drawing.append(shape('path', { d: area, fill: `var(${colour})`, opacity: 0.25 }))
    const stroke = { fill: 'none', stroke: `var(${colour})`, 'stroke-width': 2, 'stroke-linejoin': 'round' }
    drawing.append(shape('path', { class: 'course', d: path.join(''), ...stroke }))
  }
  return drawing
}

/** A step of 1, 2 or 5 times a power of ten that makes at most five of them. */
function niceStep(most) {
  const power = 10 ** Math.floor(Math.log10(most / 4))
  return [1, 2, 5, 10].map((k) => k * power).find((step) => most / step <= 5)
}

function key(lines) {
  const entries = lines.flatMap(({ name, colour }) => {
    const mark = document.createElement('i')
    mark.style.borderColor = `var(${colour})`
    return [mark, name]
  })
  return element('div', 'key', ...entries)
}

function runningTable() {
  const rows = state.tasks.map(({ id, machine, attempt, booked, used, progress }) => {
    const bar = element('div', 'bar', element('div', ''))
    bar.firstChild.style.width = `${100 * (progress ?? 0)}%`
    bar.title = progress === null ? 'no sign of life yet' : `${Math.round(100 * progress)} %`
    return [id, machine, attempt, figure(booked), figure(used), bar]
  })
  return table(['task', 'machine', 'attempt', 'booked', 'in use', 'progress'], rows, 'nothing runs')
}

function endedTable() {
  const rows = state.ended.slice(0, 12).map(({ id, state: ending, last }) => {
    const seconds = last ? figure((last.result.endedMs - last.result.startedMs) / 1000) : ''
    const how = element('span', ending === 'abandoned' ? 'bad' : '', ending)
    return [id, how, last?.machine ?? '', last?.attempt ?? '', seconds, last?.result.detail ?? '']
  })
  return table(['task', 'how', 'machine', 'attempts', 'seconds', 'result'], rows, 'nothing has ended')
}

function anomalyTable() {
  const rows = state.anomalies.map(({ kind, subject, sinceSeconds, detail, confidence }) => [
    kind,
    subject,
    detail,
    new Date(1000 * sinceSeconds).toLocaleTimeString(),
    figure(confidence),
  ])
  return table(['what', 'where', 'why', 'since', 'how sure'], rows, 'nothing')
}

function table(titles, rows, emptyNote) {
  if (rows.length === 0) return element('span', 'note', emptyNote)
  const head = element('tr', '', ...titles.map((title) => element('th', '', title)))
  const isWide = (title) => ['task', 'where', 'why', 'result'].includes(title)
  const cells = (row) => row.map((cell, k) => element('td', isWide(titles[k]) ? 'wide' : '', cell))
  return element('div', 'scroll', element('table', '', head, ...rows.map((row) => element('tr', '', ...cells(row)))))
}

async function addTasks() {
  for (let k = 0; k < 10; k++) {
    const work =
      k % 2 ? { kind: 'primes', below: 1e7 + 1e7 * Math.random() } : { kind: 'wait', seconds: 4 + 12 * Math.random() }
    const task = {
      id: `${Date.now().toString(36)}${k}`,
      demand: { cpu: k % 5 === 0 ? 2 : 0.5 + (k % 3) / 4 },
      work,
    }
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(task) }
    const response = await fetch('tasks', options)
    if (!response.ok) return say((await response.json()).error.message, true)
  }
}

function say(text, isBad = false) {
  const place = document.querySelector('#connection')
  place.textContent = text
  place.className = isBad ? 'lost' : ''
}

/** At most two digits after the point. */
function figure(value) {
  return String(Math.round(100 * value) / 100)
}

/** Children that are no nodes become text: what a task is called is never read as HTML. */
function element(name, className, ...children) {
  const made = document.createElement(name)
  if (className) made.className = className
  made.append(...children.map((child) => (child instanceof Node ? child : String(child))))
  return made
}

function shape(name, attributes, text = '') {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  made.textContent = text
  return made
}

function replace(selector, ...children) {
  document.querySelector(selector).replaceChildren(...children)
}
