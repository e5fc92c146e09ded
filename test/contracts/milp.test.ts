/** The integer programme, which takes as long as all other solvers together, so that it runs beside them. */
import { vi } from 'vitest'
import { milp } from '../../src/solvers/exact/milp.ts'
import { describeSolverContract } from './solver.contract.ts'

vi.mock('../../src/run/clock.ts', () => import('../fake-clock.ts'))

describeSolverContract('milp', { async: milp, isExact: true, isSlow: true }, {})
