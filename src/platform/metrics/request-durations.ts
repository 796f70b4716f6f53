import { Histogram, type Registry } from 'prom-client';
import { routeOf, type RequestObserver } from './observe-requests.js';

/** Measures management requests. As many series as there are routes and statuses, whatever callers send. */
export function measureRequests(registry: Registry): RequestObserver {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a management request to the end of its reply.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  return (request) => (ending) =>
    durations.observe({ method: request.method, route: routeOf(request), status: ending.status }, ending.seconds);
}
