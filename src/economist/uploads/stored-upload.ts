/** A file that came with a request, whole. */
export class StoredUpload {
  constructor(
    readonly id: string,
    /** As the client calls it. */
    readonly name: string,
    readonly bytes: number,
    /** Of its bytes, in hex. */
    readonly sha256: string,
  ) {}

  /** What a request with it is compared by (`Idempotency-Key`): the same file that is sent again is another upload. */
  toJSON(): object {
    return { name: this.name, sha256: this.sha256 };
  }
}
