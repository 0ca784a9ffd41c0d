FROM eclipse-temurin:21.0.5_11-jdk AS build
WORKDIR /app
COPY . .
RUN ./mvnw package -DskipTests

FROM eclipse-temurin:21-jre
WORKDIR /app
# Check: copy what else the program reads while it runs, such as templates and settings
COPY --from=build /app/target/shop-1.0.jar /app/target/shop-1.0.jar
RUN groupadd --gid 10001 app && useradd --uid 10001 --gid app --create-home app
USER 10001:10001
CMD ["java", "-jar", "/app/target/shop-1.0.jar"]
