FROM node:lts
WORKDIR /app
COPY . .
RUN npm ci && npm run build
RUN apt-get update && apt-get install -y --no-install-recommends chromium && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV production
VOLUME /app/data
CMD npm run start:prod
