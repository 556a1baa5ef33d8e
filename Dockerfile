# syntax=docker/dockerfile:1
# Three images: `docker build .` makes the gateway for .NET's runtime, `docker build --target gateway-native .` the one that needs none,
# `docker build --target sandbox .` the world to try it in. The commit that `gateway --version` tells: `--build-arg COMMIT=$(git rev-parse HEAD)`.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
ARG NATIVE_RUNTIME=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
ARG COMMIT=

FROM --platform=$BUILDPLATFORM ${SDK} AS source
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig yarp.json ./
COPY src/Gateway src/Gateway

FROM source AS build
ARG TARGETARCH
ARG COMMIT
# The line of bench/lib/publish.sh: what is measured is what is shipped.
RUN dotnet publish src/Gateway -c Release -a $TARGETARCH -p:SourceRevisionId=$COMMIT --self-contained false -p:PublishReadyToRun=true -o /app
# The one folder that is written to. The runtime's user (see USER below) must own it, and in an image without a shell nobody can arrange that later.
RUN mkdir /data

# On the architecture that it is for, amd64 or arm64: native code is linked by the tools of the machine.
FROM ${SDK} AS build-native
ARG TARGETARCH
ARG COMMIT
WORKDIR /source
RUN command -v clang || (apt-get update && apt-get install --yes --no-install-recommends clang zlib1g-dev)
COPY --from=source /source .
RUN dotnet publish src/Gateway -c Release -a $TARGETARCH -p:SourceRevisionId=$COMMIT -p:PublishAot=true -o /app
RUN mkdir /data

FROM source AS build-sandbox
ARG TARGETARCH
ARG COMMIT
COPY src/Sandbox src/Sandbox
RUN dotnet publish src/Sandbox -c Release -a $TARGETARCH -p:SourceRevisionId=$COMMIT --self-contained false -o /app

FROM ${RUNTIME} AS sandbox
WORKDIR /app
COPY --from=build-sandbox /app .
ENV DOTNET_DbgEnableMiniDump=0 DOTNET_EnableDiagnostics=0
USER 1654
ENTRYPOINT ["dotnet", "Sandbox.dll"]

# No shell, no package manager, and a user that is not root: 1654 is what .NET's images call app.
FROM ${NATIVE_RUNTIME} AS gateway-native
WORKDIR /app
COPY --from=build-native /app .
COPY --from=build-native --chown=1654:1654 /data /data
ENV DOTNET_DbgEnableMiniDump=0 DOTNET_EnableDiagnostics=0 DATA_DIR=/data
VOLUME /data
EXPOSE 8080 8081
USER 1654
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/app/gateway", "health"]
ENTRYPOINT ["/app/gateway"]

# The same for .NET's runtime.
FROM ${RUNTIME} AS gateway
WORKDIR /app
COPY --from=build /app .
COPY --from=build --chown=1654:1654 /data /data
# No core dumps and no debugger's socket: either would hold keys and tokens, and the second needs a file system that can be written to.
ENV DOTNET_DbgEnableMiniDump=0 DOTNET_EnableDiagnostics=0 DATA_DIR=/data
VOLUME /data
EXPOSE 8080 8081
USER 1654
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/app/gateway", "health"]
ENTRYPOINT ["/app/gateway"]
