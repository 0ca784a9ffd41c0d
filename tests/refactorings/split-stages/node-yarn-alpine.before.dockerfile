FROM node:26-alpine
WORKDIR /app
COPY . .
RUN yarn install --frozen-lockfile && yarn build
CMD ["yarn", "start"]
