FROM eclipse-temurin:21.0.5_11-jdk
WORKDIR /app
COPY . .
RUN ./mvnw package -DskipTests
CMD ["java", "-jar", "/app/target/shop-1.0.jar"]
