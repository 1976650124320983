/** What an agent says it is. */
export const agentVersion = '0.1.0'
