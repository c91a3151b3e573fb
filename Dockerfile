# The same steps as `npm start`: install what the lock says, build, run. See docs/adr/0003-image.md.
FROM node:24-bookworm-slim AS build
WORKDIR /source
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN node scripts/image.mjs /image

# Only the C and C++ libraries of Node.js are needed from here; Node.js itself is the one of the lock.
FROM debian:bookworm-slim
WORKDIR /sightline
COPY --from=build /image ./
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 PATH=/sightline/bin:$PATH
EXPOSE 3000
USER 65532:65532
ENTRYPOINT ["/sightline/bin/node", "--disable-proto=throw", "/sightline/dist/cli.js"]
CMD ["serve"]
