ARG NODE=26-trixie
FROM node:$NODE AS build
ENV NODE_ENV=production
WORKDIR /usr/src/app
COPY package*.json ./
RUN npm ci --omit=dev

FROM node:$NODE-slim
ENV NODE_ENV=production
WORKDIR /usr/src/app
# Check: packages that were compiled may need libraries which this image lacks
COPY --from=build /usr/src/app/node_modules /usr/src/app/node_modules
COPY . .
EXPOSE 3000
# Check: this image may lack curl
HEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1
USER node
CMD ["node", "server.js"]
