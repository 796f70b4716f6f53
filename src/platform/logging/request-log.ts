import type { Logger } from 'pino';
import { isProbe, routeOf, type RequestObserver } from '../metrics/observe-requests.js';

/** One line per management request: the route's template, never the query or the path itself. */
export function logRequests(log: Logger): RequestObserver {
  return (request) => (ending) => {
    const route = routeOf(request);
    const line = {
      request_id: request.id,
      method: request.method,
      route,
      status: ending.status,
      duration_ms: Math.round(ending.seconds * 1e6) / 1e3,
      ...(ending.aborted ? { aborted: true } : {}),
    };
    if (isProbe(route)) log.debug(line, 'request');
    else log.info(line, 'request');
  };
}
