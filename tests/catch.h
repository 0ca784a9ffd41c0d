#pragma once

// Catch2 is 2.13 on Debian 12 and 3 on Debian 13; tests include this and use what both have.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
