// Classes of characters, as Unicode code points.

#ifndef DOCKERFILE_CHARACTERS_H_
#define DOCKERFILE_CHARACTERS_H_

#include <stdbool.h>
#include <stdint.h>

// What separates words. A no-break space does not.
static bool is_blank(int32_t c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

// White space of Unicode: what is dropped around a line.
static bool is_space(int32_t c) {
  if (c < 0x80) return is_blank(c) || c == '\n';
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

static bool is_digit(int32_t c) {
  return c >= '0' && c <= '9';
}
static bool is_letter(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static int32_t to_upper(int32_t c) {
  return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

#endif
