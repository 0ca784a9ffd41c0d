FROM gcc:15 AS build
COPY . /usr/src/myapp
WORKDIR /usr/src/myapp
RUN g++ -O2 -o myapp main.cpp

FROM gcr.io/distroless/cc-debian13:nonroot
WORKDIR /usr/src/myapp
# Check: copy what else the program reads while it runs, such as templates and settings
COPY --from=build /usr/src/myapp/myapp /usr/src/myapp/myapp
COPY --from=build /usr/local/lib64/libstdc++.so.6 /usr/local/lib64/libgcc_s.so.1 /usr/local/lib64/
ENV LD_LIBRARY_PATH=/usr/local/lib64
CMD ["./myapp"]
