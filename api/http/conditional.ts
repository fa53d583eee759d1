const STRONG_TAG = /^"(\d{1,9})"$/;

/** No version has this number, so that the rules find it stale. */
const NEVER = 0;

export function etag(version: number): string {
  return `"${version}"`;
}

/**
 * The version that `If-Match` asks for (RFC 9110, 13.1.1): null without the header and for `*`, which any version matches.
 * A weak tag, or one that this API never gave, matches none. Of several tags the one that is current now is asked for.
 */
export function ifMatch(header: string | undefined, current: number): number | null {
  if (header === undefined || header.trim() === '*') return null;
  const versions = header.split(',').map((tag) => STRONG_TAG.exec(tag.trim())?.[1]).map((digits) => (digits ? Number(digits) : NEVER));
  return versions.includes(current) ? current : (versions[0] ?? NEVER);
}
