/** A body that is JSON already: it goes out as it is. */
export class ReadyJson {
  constructor(readonly bytes: Buffer) {}
}
