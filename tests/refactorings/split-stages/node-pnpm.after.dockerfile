FROM node:26 AS build
RUN corepack enable
WORKDIR /app
COPY . .
RUN pnpm install --frozen-lockfile
RUN pnpm run build
RUN pnpm prune --prod

FROM node:26-slim
WORKDIR /app
# Check: copy what else the program reads while it runs
# Check: packages that were compiled may need libraries which this image lacks
COPY --from=build /app/package.json /app/
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/build /app/build
ENV NODE_ENV=production
USER node
ENTRYPOINT ["node", "./build/index.js"]
