// Catch2 2 has no library of its own; from 3 on this file is not built.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
