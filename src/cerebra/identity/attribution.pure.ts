import type { IncomingHttpHeaders } from 'node:http';
import { isEntityId } from './entity-id.js';

/** Whom a call says that it is for. Null: it does not say. */
export interface Attribution {
  readonly orgId: string | null;
  readonly teamId: string | null;
  readonly agentId: string | null;
  readonly userId: string | null;
}

const HEADERS = ['x-org-id', 'x-team-id', 'x-agent-id', 'x-user-id'] as const;

/** Empty, as templates leave it that nobody filled in, says nothing. */
const said = (headers: IncomingHttpHeaders, name: (typeof HEADERS)[number]): string | null => {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** Which of the headers is no id; null: none. */
export const malformedHeader = (headers: IncomingHttpHeaders): string | null =>
  HEADERS.find((name) => {
    const id = said(headers, name);
    return id !== null && !isEntityId(id);
  }) ?? null;

/** What the headers say. Whether they are ids, {@link malformedHeader} tells. */
export const attributionIn = (headers: IncomingHttpHeaders): Attribution => ({
  orgId: said(headers, 'x-org-id'),
  teamId: said(headers, 'x-team-id'),
  agentId: said(headers, 'x-agent-id'),
  userId: said(headers, 'x-user-id'),
});
