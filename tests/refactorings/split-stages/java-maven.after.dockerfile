FROM maven:3.9-eclipse-temurin-21 AS build
WORKDIR /build
COPY pom.xml .
RUN mvn -B dependency:go-offline
COPY src src
RUN mvn -B package

FROM eclipse-temurin:21-jre
WORKDIR /build
# Check: copy what else the program reads while it runs, such as templates and settings
COPY --from=build /build/target/*.jar /build/target/
VOLUME /data
EXPOSE 8080
ENV JAVA_OPTS=-Xmx256m
RUN groupadd --gid 10001 app && useradd --uid 10001 --gid app --create-home app && mkdir -p /data && chown -R 10001:10001 /data
USER 10001:10001
ENTRYPOINT exec java $JAVA_OPTS -jar target/*.jar
