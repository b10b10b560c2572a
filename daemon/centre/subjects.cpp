#include "daemon/centre/subjects.h"

#include <fmt/format.h>

#include <algorithm>

namespace changtong::centre {
namespace {

bool stands_for_itself(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != '.' && c != '*' && c != '>' && c != '%' && c != '\x7f';
}

int digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

}  // namespace

std::string subject_of(std::string_view what, std::string_view node) {
  std::string out = fmt::format("{}.", what);
  for (const char c : node)
    if (stands_for_itself(c))
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

std::optional<std::string> node_in(std::string_view what, std::string_view subject) {
  if (!subject.starts_with(what) || subject.substr(what.size(), 1) != ".") return std::nullopt;
  std::string out;
  for (std::string_view rest = subject.substr(what.size() + 1); !rest.empty(); rest.remove_prefix(1)) {
    if (rest.front() != '%') {
      out += rest.front();
      continue;
    }
    const int high = rest.size() > 2 ? digit(rest[1]) : -1, low = rest.size() > 2 ? digit(rest[2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(16 * high + low);
    rest.remove_prefix(2);
  }
  // One name has one subject.
  if (out.empty() || subject_of(what, out) != subject) return std::nullopt;
  return out;
}

bool answers_to(std::string_view node, std::string_view subject) {
  const std::string below = subject_of(answers_subject, node) + '.';
  if (!subject.starts_with(below) || subject.size() == below.size()) return false;
  return std::ranges::all_of(subject.substr(below.size()), stands_for_itself);
}

}  // namespace changtong::centre
