FROM gradle:9-jdk25-alpine AS build
WORKDIR /home/gradle/shop
COPY . .
RUN gradle bootJar --no-daemon && cp build/libs/shop.jar /shop.jar

FROM eclipse-temurin:25-jre-alpine
WORKDIR /home/gradle/shop
# Check: copy what else the program reads while it runs, such as templates and settings
COPY --from=build /shop.jar /shop.jar
RUN addgroup -g 10001 app && adduser -D -u 10001 -G app app
USER 10001:10001
CMD ["java", "-jar", "/shop.jar"]
