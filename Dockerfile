# One image for the gateway and the worker: the command says which.
#   docker build -t agent-orchestration-service .
#   docker run -e TEMPORAL_ADDRESS=… -e OPENAI_API_KEY=… --no-healthcheck agent-orchestration-service worker
#   docker run -e TEMPORAL_ADDRESS=… -p 127.0.0.1:8000:8000 -e HOST=0.0.0.0 -e AUTH_API_KEYS=true agent-orchestration-service
# A worker serves no HTTP, so its container has no health check. Callers are not authenticated: publish the gateway's port
# to loopback, or behind something that authenticates.
# The base can be pinned: --build-arg BASE=node:24-bookworm-slim@sha256:…
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json tsconfig.types.json ./
COPY scripts/bundle.ts scripts/
COPY src src
RUN npm run build

FROM ${BASE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

FROM ${BASE}
LABEL org.opencontainers.image.title="agent-orchestration-service" \
      org.opencontainers.image.description="Durable multi-agent crews on Temporal" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production \
    WORKFLOW_BUNDLE=/app/build/workflow-bundle.js
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/build/workflow-bundle*.js build/
COPY package.json LICENSE ./
COPY crews crews
COPY extensions extensions
# By number: Kubernetes' runAsNonRoot does not look names up, and a base of one's own may not have the name `node`.
USER 1000:1000
EXPOSE 8000
# A worker has no port: it is as healthy as its process, which ends where it cannot go on.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "if (!/worker/.test(require('fs').readFileSync('/proc/1/cmdline'))) fetch(`http://127.0.0.1:${process.env.PORT || 8000}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps", "dist/main.js"]
CMD ["gateway"]
