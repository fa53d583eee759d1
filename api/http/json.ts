/** A body that has been written as JSON already: it goes out as it is. */
export class WrittenJson {
  constructor(readonly bytes: Buffer) {}
}
