// Browser compatible.
// Texts in workflow commands of GitHub's, escaped as its own toolkit does it: a line end would begin another command.

/** What stands behind the `::` of a command. */
export function commandData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** The value of a property: `file=…`. */
export function commandProperty(text: string): string {
  return commandData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
