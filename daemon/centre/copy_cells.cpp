#include "daemon/centre/copy_cells.h"

#include <type_traits>
#include <utility>

namespace changtong::centre {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view begin = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"sv;  // signature, no flags, no extension

template <class N>
void number(std::string& out, N n) {
  const auto bits = static_cast<std::make_unsigned_t<N>>(n);
  for (std::size_t i = sizeof(N); i-- > 0;) out += static_cast<char>(static_cast<unsigned char>(bits >> (8 * i)));
}

template <class N>
void whole(std::string& out, N n) {
  number(out, static_cast<std::int32_t>(sizeof n));
  number(out, n);
}

}  // namespace

copied_rows::copied_rows(std::int16_t columns) : columns_(columns), out_(begin) {}

copied_rows& copied_rows::row() {
  number(out_, columns_);
  ++rows_;
  return *this;
}

copied_rows& copied_rows::cell(std::int32_t n) {
  whole(out_, n);
  return *this;
}

copied_rows& copied_rows::cell(std::int64_t n) {
  whole(out_, n);
  return *this;
}

copied_rows& copied_rows::cell(std::string_view bytes) {
  number(out_, static_cast<std::int32_t>(bytes.size()));
  out_ += bytes;
  return *this;
}

copied_rows& copied_rows::null() {
  number(out_, std::int32_t{-1});
  return *this;
}

std::string copied_rows::taken() {
  number(out_, std::int16_t{-1});
  return std::move(out_);
}

}  // namespace changtong::centre
