const MAX_BYTES = 262_144;

/**
 * A copy of the payload as JSON gives it back.
 * @throws TypeError for what one of the stores could not hold: the caller's fault, not the store's
 */
export function storablePayload(job: string, payload: object): object {
  const json = JSON.stringify(payload, (key, value: unknown) => {
    if (!isStorableText(key) || (typeof value === 'string' && !isStorableText(value))) {
      throw new TypeError(`The payload of '${job}' holds text that is not Unicode, or NUL.`);
    }
    return value;
  });
  const size = Buffer.byteLength(json);
  if (size > MAX_BYTES) {
    throw new TypeError(
      `The payload of '${job}' has ${size} bytes; at most ${MAX_BYTES} are stored. Store the data elsewhere and name it.`,
    );
  }
  const copy: unknown = JSON.parse(json);
  if (typeof copy !== 'object' || copy === null) throw new TypeError(`The payload of '${job}' is not an object.`);
  return copy;
}

const isStorableText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
