FROM gradle:9-jdk25-alpine
WORKDIR /home/gradle/shop
COPY . .
RUN gradle bootJar --no-daemon && cp build/libs/shop.jar /shop.jar
CMD ["java", "-jar", "/shop.jar"]
