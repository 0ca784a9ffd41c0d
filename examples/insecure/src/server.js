require("node:http")
  .createServer((_, response) => response.end("Nothing in stock.\n"))
  .listen(8080);
