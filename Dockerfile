# Tessera as a container: one binary on a base without a shell, run by a user without rights.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --locked --release --bin tessera && mkdir /data

# glibc, libgcc and the public certificate authorities, and nothing else.
FROM gcr.io/distroless/cc-debian12
COPY --from=build /src/target/release/tessera /usr/local/bin/tessera
COPY --from=build --chown=10001:10001 /data /var/lib/tessera
USER 10001:10001
WORKDIR /var/lib/tessera
# The database, the seal key and the setup link. Back it up; without the seal key nothing opens.
VOLUME /var/lib/tessera
ENV TESSERA_DATA_DIR=/var/lib/tessera \
    TESSERA_LISTEN=0.0.0.0:8080
EXPOSE 8080 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["tessera", "healthcheck"]
ENTRYPOINT ["tessera"]
CMD ["serve"]
