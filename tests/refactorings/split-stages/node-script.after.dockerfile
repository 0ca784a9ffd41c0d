FROM node:lts AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build
RUN apt-get update && apt-get install -y --no-install-recommends chromium && rm -rf /var/lib/apt/lists/*
RUN npm prune --omit=dev

FROM node:lts-slim
WORKDIR /app
# Check: packages that were compiled may need libraries which this image lacks
# Check: the build installs chromium; the program may need some of it, or its libraries, here
COPY --from=build /app /app
ENV NODE_ENV production
VOLUME /app/data
RUN mkdir -p /app/data && chown -R node /app/data
USER node
CMD npm run start:prod
