FROM gcc:15
COPY . /usr/src/myapp
WORKDIR /usr/src/myapp
RUN g++ -O2 -o myapp main.cpp
CMD ["./myapp"]
