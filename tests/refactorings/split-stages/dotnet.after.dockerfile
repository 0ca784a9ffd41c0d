FROM mcr.microsoft.com/dotnet/sdk:10.0.100-alpine3.22 AS build
WORKDIR /src
COPY *.csproj .
RUN dotnet restore
COPY . .
RUN dotnet publish -c Release -o /app --no-restore

FROM mcr.microsoft.com/dotnet/aspnet:10.0-alpine3.22
COPY --from=build /app /app
WORKDIR /app
EXPOSE 8080
USER app
ENTRYPOINT ["dotnet", "Shop.dll"]
