import { z } from 'zod';

/** Ids stand in headers, paths and logs: no spaces, quotes, brackets or controls. */
const FORM = /^[\w.:@/|+=~-]{1,200}$/;

/** What is expected where an id has another form. */
export const ENTITY_ID_FORM = 'Expected at most 200 letters, digits and characters of . _ : @ / | + = ~ -';

export const isEntityId = (text: string): boolean => FORM.test(text);

/** The id of an organisation, a team or an agent, as people choose it. */
export const entityId = z.string().regex(FORM, ENTITY_ID_FORM).meta({ example: 'search' });
