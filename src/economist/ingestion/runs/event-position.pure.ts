/** What a client of a run's events has seen. */
export interface EventPosition {
  /** Of the run, with the latest event. */
  readonly revision: bigint;
  /** Whether that event was the last one. */
  readonly done: boolean;
}

export const startPosition: EventPosition = { revision: -1n, done: false };

/** @param id of `Last-Event-ID`; what we did not write counts as nothing seen */
export function positionOf(id: string | null): EventPosition {
  const match = /^(\d{1,18})(-done)?$/.exec(id ?? '');
  if (match?.[1] === undefined) return startPosition;
  return { revision: BigInt(match[1]), done: match[2] !== undefined };
}

export const eventId = ({ revision, done }: EventPosition): string => `${revision}${done ? '-done' : ''}`;
