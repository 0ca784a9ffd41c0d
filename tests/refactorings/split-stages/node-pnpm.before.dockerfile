FROM node:26
RUN corepack enable
WORKDIR /app
COPY . .
RUN pnpm install --frozen-lockfile
RUN pnpm run build
ENTRYPOINT ["node", "./build/index.js"]
