#include "daemon/centre/copy_rows.h"

#include <string_view>
#include <type_traits>

namespace changtong::centre {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view begin = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"sv;  // signature, no flags, no extension
constexpr std::int16_t columns = 7;
constexpr std::size_t fixed_bytes = 2 + 7 * 4 + 4 + 4 + 8 + 8 + 32;  // of a row beside kind and body

template <class N>
void number(std::string& out, N n) {
  const auto bits = static_cast<std::make_unsigned_t<N>>(n);
  for (std::size_t i = sizeof(N); i-- > 0;) out += static_cast<char>(static_cast<unsigned char>(bits >> (8 * i)));
}

template <class N>
void cell(std::string& out, N n) {
  number(out, static_cast<std::int32_t>(sizeof n));
  number(out, n);
}

void cell(std::string& out, std::string_view bytes) {
  number(out, static_cast<std::int32_t>(bytes.size()));
  out += bytes;
}

}  // namespace

std::string copy_rows(std::int32_t node, std::int32_t branch, std::span<const ledger::shipped_entry> entries) {
  std::string out(begin);
  std::size_t bytes = begin.size() + sizeof columns;
  for (const ledger::shipped_entry& e : entries) bytes += fixed_bytes + e.kind.size() + e.body.size();
  out.reserve(bytes);
  for (const ledger::shipped_entry& e : entries) {
    number(out, columns);
    cell(out, node);
    cell(out, branch);
    cell(out, e.seq);
    cell(out, ms_of(e.at));
    cell(out, std::string_view(e.kind));
    cell(out, std::string_view(e.body));
    cell(out, ledger::bytes_of(e.hash));
  }
  number(out, std::int16_t{-1});
  return out;
}

}  // namespace changtong::centre
