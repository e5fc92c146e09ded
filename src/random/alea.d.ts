/** Alea alone: the package's main file carries six more generators, 7 kB of them. */
declare module 'seedrandom/lib/alea.js' {
  interface AleaState {
    readonly s0: number
    readonly s1: number
    readonly s2: number
    readonly c: number
  }
  export default function alea(seed: string, options: { state: true | AleaState }): { (): number; state(): AleaState }
}
