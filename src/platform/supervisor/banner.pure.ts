/** What a newcomer needs to see after a start. */
export interface BannerFacts {
  readonly version: string;
  readonly contexts: readonly {
    readonly title: string;
    readonly description: string;
    readonly url: string;
    readonly ready: boolean;
    /** Commands to try first, as the context's manifest knows them. */
    readonly firstSteps: string | null;
  }[];
  readonly dataDir: string;
  readonly embeddedDatabase: boolean;
  readonly redis: boolean;
}

const LABEL_WIDTH = 9;
const label = (text: string): string => `${text.padEnd(LABEL_WIDTH)}  `;
const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');

/** The few lines on standard output after a start. */
export function banner(facts: BannerFacts): string {
  const paragraphs = [
    `Open Cloud Ops ${facts.version}`,
    contextLines(facts.contexts),
    storageLines(facts),
    ...facts.contexts.flatMap(({ firstSteps, ready }) => (firstSteps === null || !ready ? [] : [firstSteps])),
  ];
  return `\n${paragraphs.map(indent).join('\n\n')}\n\n`;
}

const contextLines = (contexts: BannerFacts['contexts']): string => {
  const widest = (field: 'title' | 'url' | 'description'): number =>
    Math.max(...contexts.map((context) => context[field].length));
  const [title, url, description] = [widest('title'), widest('url'), widest('description')];
  return contexts
    .map((context) => {
      const place = context.ready ? `${context.url}/docs` : 'NOT RUNNING: it is being started again, the log says why';
      return [
        context.title.padEnd(Math.max(title, LABEL_WIDTH)),
        context.url.padEnd(url),
        context.description.padEnd(description),
        place,
      ].join('  ');
    })
    .join('\n');
};

const storageLines = ({ dataDir, embeddedDatabase, redis }: BannerFacts): string =>
  [
    `${label('Data')}${embeddedDatabase ? `embedded PostgreSQL in ${dataDir}` : 'in the configured PostgreSQL'}`,
    `${label('Counters')}${redis ? 'in the configured Redis' : 'in memory, for this one process; set REDIS_URL to share them'}`,
  ].join('\n');

/** Shown on the first start and never again. */
export const adminKeyLines = (key: string): string =>
  `\n  Admin key, shown this once, so keep it:\n\n    export OCO_KEY=${key}\n\n`;
