# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/Gateway/Gateway.csproj src/Gateway/
RUN dotnet restore src/Gateway -a $TARGETARCH -p:PublishReadyToRun=true
COPY yarp.json ./
COPY src/Gateway src/Gateway
# The line of bench/lib/publish.sh: what is measured is what is shipped.
RUN dotnet publish src/Gateway -c Release -a $TARGETARCH --self-contained false -p:PublishReadyToRun=true -o /app

# No shell, no package manager, and a user that is not root.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
# No core dumps: they would hold keys and tokens.
ENV DOTNET_DbgEnableMiniDump=0 DOTNET_EnableDiagnostics=0
EXPOSE 8080
ENTRYPOINT ["dotnet", "gateway.dll"]
