# syntax=docker/dockerfile:1
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY migrations ./migrations
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    OCO_HOST=0.0.0.0 \
    OCO_DATA_DIR=/data \
    LOG_FORMAT=json
WORKDIR /app
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/dist ./dist
COPY --chown=root:root package.json LICENSE ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000 8080 8081 8082
# One context that answers is enough: those that are down are restarted from inside.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "Promise.any([8080, 8081, 8082, 3000].map(async (port) => { if (!(await fetch(`http://127.0.0.1:${port}/health/live`)).ok) throw port; })).catch(() => process.exit(1))"]
STOPSIGNAL SIGTERM
# No npm in between: signals reach the process itself.
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
