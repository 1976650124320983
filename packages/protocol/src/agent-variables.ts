/**
 * Variables with which an agent's process is light. Types are stripped from its code once and the result is kept in its
 * state, which only its user can change: what strips them takes 20 MB in each thread. Short-lived objects and freed
 * memory are kept in less room than a server's.
 */
export function agentVariables(stateDir: string): Readonly<Record<string, string>> {
  return {
    NODE_COMPILE_CACHE: `${stateDir}/code-cache`,
    NODE_OPTIONS: '--max-semi-space-size=2',
    MALLOC_ARENA_MAX: '2',
  }
}
