# syntax=docker/dockerfile:1
# Tablica in a container: built by the project's own task, run without a shell, as nobody, on a read-only root.
# Only the state folder is written to: mount a volume at /var/lib/tablica.

FROM node:20.20.2-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && rustup target add wasm32-unknown-unknown
WORKDIR /src
COPY . .
# Build products are kept between builds; the binary and the empty state folder are what is taken along.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/cache \
    TABLICA_CACHE=/cache cargo xtask build \
    && install -D target/release/tablica /out/tablica \
    && mkdir /out/state

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/tablica /usr/local/bin/tablica
COPY --from=build --chown=65532:65532 /out/state /var/lib/tablica
# In a container everybody else is outside: what may reach the admin listener is for whoever publishes ports.
ENV TABLICA_SERVER__LISTEN=0.0.0.0:8080 \
    TABLICA_SERVER__ADMIN_LISTEN=0.0.0.0:9464 \
    TABLICA_SERVER__STATE_DIR=/var/lib/tablica
VOLUME /var/lib/tablica
EXPOSE 8080 9464
USER 65532:65532
# There is no shell to ask with: ask /livez and /readyz from outside, as Kubernetes does, or let Prometheus notice.
HEALTHCHECK NONE
ENTRYPOINT ["/usr/local/bin/tablica"]
CMD ["serve", "--config", "/etc/tablica/tablica.toml"]
