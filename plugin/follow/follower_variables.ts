/** The variables that make a process one of this run. */
export function followerVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith("TRACEMALLOC") && value !== undefined) found[name] = value;
  }
  return found;
}
