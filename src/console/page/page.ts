import { createHash } from 'node:crypto';
import { version } from '../../platform/version.js';
import { catalogue, contextNames } from '../contexts/catalogue.js';
import { script } from './script.js';
import { style } from './style.js';

const icon =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>" +
  "<rect width='32' height='32' rx='8' fill='%230b57c2'/>" +
  "<path d='M10 22a5 5 0 0 1-.4-10 7 7 0 0 1 13.3 1.6A4.3 4.3 0 0 1 22.5 22z' fill='white'/></svg>";

const cards = contextNames.map(
  (name) => `
      <li class="context" id="${name}">
        <div class="title"><h2>${catalogue[name].title}</h2><span class="badge">Asking…</span></div>
        <p class="quiet">${catalogue[name].description}</p>
        <p class="reason" hidden></p>
        <dl hidden></dl>
        <p class="docs" hidden><a href="#">${catalogue[name].title} API documentation</a></p>
      </li>`,
);

/** One page, whole in itself: nothing is loaded but the state of the contexts. */
export const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Open Cloud Ops</title>
    <link rel="icon" href="${icon}">
    <style>${style}</style>
  </head>
  <body>
    <header>
      <h1>Open Cloud Ops</h1>
      <p class="summary" role="status">Asking each context how it is…</p>
    </header>
    <main>
      <noscript><p>This page needs JavaScript. Each context also answers at its own <code>/health</code>.</p></noscript>
      <ul class="contexts">${cards.join('')}
      </ul>
    </main>
    <footer>Version ${version}. <span class="updated"></span></footer>
    <script type="module">${script}</script>
  </body>
</html>
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing runs or loads but what stands in the page. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-cache',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
