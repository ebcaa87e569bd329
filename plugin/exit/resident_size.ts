// The runtime's own, whatever the program puts there later.
const { resourceUsage } = process;

/** The most bytes of memory that the process has had, as the system counts: an upper bound of what was alive. 0: not known. */
export function greatestResidentSize(): number {
  try {
    // In KiB on all three runtimes.
    return resourceUsage.call(process).maxRSS * 1024;
  } catch {
    // The system may not let a process ask.
    return 0;
  }
}
