/** One plain address, as mail servers take it: no list, no name, no comment, nothing that could become a header. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[^\s@<>()[\]\\,;:"\p{C}]{1,250}$/u;

/** The address that mail can be sent to; null for anything that is not just one. */
export function addressOf(email: string | null): string | null {
  const address = email?.normalize('NFKC').trim() ?? '';
  return address.length <= 254 && ADDRESS.test(address) ? address : null;
}
