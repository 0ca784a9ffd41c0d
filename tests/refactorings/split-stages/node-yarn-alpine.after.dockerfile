FROM node:26-alpine AS build
WORKDIR /app
COPY . .
RUN yarn install --frozen-lockfile && yarn build

FROM node:26-alpine
WORKDIR /app
# Check: yarn leaves the packages of development in node_modules; version 1 takes them out by `yarn install --production`
COPY --from=build /app /app
ENV NODE_ENV=production
USER node
CMD ["yarn", "start"]
