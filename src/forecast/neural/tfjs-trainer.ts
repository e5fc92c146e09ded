import type { PreparedTraining } from './prepare-training.ts'
import type { Trainer } from './trainer.ts'
export async function createTfjsTrainer(_: PreparedTraining): Promise<Trainer> {
  throw new Error('x')
}
