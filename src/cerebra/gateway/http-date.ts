const SECOND_MS = 1_000;
let second = -1;
let text = '';

/** The time as HTTP writes it; made once a second. */
export function httpDate(): string {
  const current = Math.floor(Date.now() / SECOND_MS);
  if (current !== second) {
    second = current;
    text = new Date(current * SECOND_MS).toUTCString();
  }
  return text;
}
