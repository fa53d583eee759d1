/** Bytes as MiB; null where they are not known. */
export function mebibytes(bytes: number | null): number | null {
  return bytes === null ? null : bytes / 2 ** 20;
}
