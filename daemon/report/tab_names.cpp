#include "daemon/report/tab_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "daemon/core/ascii.h"
#include "daemon/core/utf8.h"
#include "daemon/report/columns.h"
#include "daemon/report/document.h"

namespace changtong::report {
namespace {

std::string legal(std::string_view name) {
  std::string out;
  std::size_t characters = 0;
  for (std::string_view rest = name; !rest.empty() && characters < 31; ++characters) {
    const std::size_t length = std::max<std::size_t>(utf8_length(rest), 1);
    if (length == 4) ++characters;  // two UTF-16 units
    const char c = rest[0];
    if (std::string_view("[]:*?/\\'").find(c) != std::string_view::npos)
      out += '_';
    else
      out += rest.substr(0, length);
    rest.remove_prefix(length);
  }
  return out.empty() ? "_" : out;
}

}  // namespace

std::vector<std::string> tab_names(const std::vector<std::string>& wanted) {
  std::set<std::string> taken{"history"};  // reserved by Excel
  std::vector<std::string> out;
  for (const std::string& w : wanted) {
    std::string name = legal(plain(w));
    for (int n = 2; !taken.insert(ascii::lower(name)).second; ++n) {
      const std::string suffix = fmt::format("_{}", n);
      name = legal(plain(w));
      while (!name.empty() && cells_of(name) + suffix.size() > 31) name.resize(whole_characters(name, name.size() - 1));
      name += suffix;
    }
    out.push_back(name);
  }
  return out;
}

}  // namespace changtong::report
