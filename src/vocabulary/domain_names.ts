// Browser compatible.

/** The words for the domains that are not the user's, by number. */
export const DOMAIN_NAMES = ["objects", "external", "strings", "timers", "listeners", "calls"] as const;

/** A domain that is not the user's, in a word. */
export type DomainName = (typeof DOMAIN_NAMES)[number];

/** The number of a domain, where it is given by its word; any other value as it is. */
export function domainNumber(domain: number | DomainName): number {
  const number = DOMAIN_NAMES.indexOf(domain as DomainName);
  return number < 0 ? (domain as number) : number;
}
