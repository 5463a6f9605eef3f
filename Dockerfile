# syntax=docker/dockerfile:1
# MUSA's image: `docker build -t musa .` (docs/image.md).

# The parts of Temurin that are Ubuntu with glibc, which RocksDB's library needs.
ARG BUILD_IMAGE=docker.io/library/maven:3-eclipse-temurin-25
ARG RUNTIME_IMAGE=docker.io/library/eclipse-temurin:25-jre

# Jars are the same for every platform, so they are built on the builder's own.
FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /source
COPY . .
ARG MAVEN_OPTIONS=
RUN --mount=type=cache,target=/root/.m2,id=musa-m2 \
    mvn -q -B ${MAVEN_OPTIONS} -Dmaven.test.skip=true -Dformat.skip=true -pl app -am package
# By rate of change. The times are fixed: a layer whose files are the same is then the same for every build.
RUN mkdir -p /image/bin /image/jvm /image/third-party /image/modules /image/app && \
    cp app/src/main/image/musa /image/bin/ && chmod 755 /image/bin/musa && \
    cp app/src/main/jvm/options /image/jvm/ && \
    cp app/target/musa-app-*.jar /image/app/ && \
    mv app/target/lib/musa-*.jar /image/modules/ && \
    mv app/target/lib/*.jar /image/third-party/ && \
    find /image -exec touch -d 2000-01-01T00:00:00Z {} +

FROM ${RUNTIME_IMAGE}
LABEL org.opencontainers.image.title="MUSA" \
      org.opencontainers.image.description="A telemetry pipeline for Kubernetes" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV MALLOC_ARENA_MAX=2
# For a run without a volume. Group 0 may write too: OpenShift gives any user id, in that group.
RUN install -d -m 0770 -o 10001 -g 0 /data
COPY --from=build /image/third-party/ /opt/musa/libs/
COPY --from=build /image/bin/ /opt/musa/bin/
COPY --from=build /image/jvm/ /opt/musa/jvm/
COPY --from=build /image/modules/ /opt/musa/libs/
COPY --from=build /image/app/ /opt/musa/classpath/
# A short run of everything, whose loaded and linked classes are kept, with this JVM and these options. It is only valid
# for these jars, at these places and with these times. The heap is small, so that objects in the cache fit any heap.
RUN mkdir /tmp/warm-up && \
    MUSA_JAVA_OPTS="-Xmx512m -XX:AOTCacheOutput=/opt/musa/musa.aot" \
      /opt/musa/bin/musa warm-up --data /tmp/warm-up && \
    test -s /opt/musa/musa.aot && \
    rm -rf /tmp/warm-up /tmp/hsperfdata_*

USER 10001:10001
# The default data directory is `data`: /data.
WORKDIR /
VOLUME /data
EXPOSE 4317 4318
ENTRYPOINT ["/opt/musa/bin/musa"]
CMD ["run"]
