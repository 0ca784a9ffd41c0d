FROM maven:3.9-eclipse-temurin-21
WORKDIR /build
COPY pom.xml .
RUN mvn -B dependency:go-offline
COPY src src
RUN mvn -B package
VOLUME /data
EXPOSE 8080
ENV JAVA_OPTS=-Xmx256m
ENTRYPOINT exec java $JAVA_OPTS -jar target/*.jar
