# syntax=docker/dockerfile:1
# One image for every part; the command says which: gateway (as it comes), worker, intake, migrate, reseal, builds, set-current.
#   docker build -t agent-orchestration-service .
#   docker run --read-only --tmpfs /tmp -e TEMPORAL_ADDRESS=… -e DATABASE_URL=… -e OPENAI_API_KEY=… agent-orchestration-service worker
#   docker run --read-only --tmpfs /tmp -e TEMPORAL_ADDRESS=… -e DATABASE_URL=… -p 127.0.0.1:8000:8000 -e HOST=0.0.0.0 \
#     -e AUTH_API_KEYS=true agent-orchestration-service
# It writes nothing but what MCP servers and extensions put into /tmp. The first key is made with `crew key
# create --bootstrap`; see docs/security.md.
#
# Debian slim, as Temporal's core is linked against glibc. For a release the base is pinned by its digest, here and in the pipeline:
#   --build-arg BASE=node:24-bookworm-slim@sha256:…
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json tsconfig.types.json ./
COPY scripts/bundle.ts scripts/
COPY src src
RUN npm run build

FROM ${BASE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY scripts/prune-image.mjs scripts/
# Temporal's core comes for every platform, and packages with their sources' maps: what this image cannot run goes.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && node scripts/prune-image.mjs node_modules

FROM ${BASE}
ARG BASE
ARG VERSION=0.0.0-dev
ARG REVISION=unknown
ARG CREATED=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="agent-orchestration-service" \
      org.opencontainers.image.description="Durable multi-agent crews on Temporal" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.base.name="${BASE}"
ENV NODE_ENV=production \
    WORKFLOW_BUNDLE=/app/build/workflow-bundle.js \
    WORKER_HEALTH_PORT=8001
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/build/workflow-bundle*.js build/
COPY package.json LICENSE ./
COPY crews crews
COPY extensions extensions
# By number: Kubernetes' runAsNonRoot does not look names up. Above 10,000: no user of the host.
USER 10001:10001
EXPOSE 8000 8001
# Whichever part this is answers on its port. Commands that end are gone before they are asked.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "Promise.any([process.env.PORT || 8000, process.env.WORKER_HEALTH_PORT].map((port) => fetch(`http://127.0.0.1:${port}/healthz`).then((answer) => answer.ok || Promise.reject()))).then(() => process.exit(0), () => process.exit(1))"]
# In exec form: node gets the signals itself. As process 1 it does not reap orphans that MCP servers leave: there run with `--init`,
# or as the chart does with a shared process namespace.
ENTRYPOINT ["node", "--enable-source-maps", "dist/main.js"]
CMD ["gateway"]
