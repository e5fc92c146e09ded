import { CloudschedError } from '../src/errors/cloudsched-error.ts'

/** The error of the library that a call throws; any other outcome fails the test. */
export function caught(call: () => unknown): CloudschedError {
  try {
    call()
  } catch (error) {
    if (error instanceof CloudschedError) return error
    throw error
  }
  throw new Error('The call threw nothing.')
}
