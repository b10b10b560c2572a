// The layouts that are part of the program, read once.
#include <algorithm>
#include <array>

#include "daemon/layouts/embedded.h"
#include "daemon/layouts/layout.h"

namespace changtong::layouts {
namespace {

struct file {
  std::string_view name;
  std::string_view (*bytes)();
};
constexpr std::array files{file{"anhui", layout_anhui}, file{"hubei", layout_hubei}, file{"sichuan", layout_sichuan},
                           file{"ministry", layout_ministry}, file{"plain", layout_plain}};
constexpr std::array unscored_files{file{"transfer", layout_transfer}, file{"declared", layout_declared}};

/** A file of ours that cannot be read is a mistake of the build, which tests find; without it nothing can be drawn. */
layout read_built_in(const file& f) {
  layout l = read_layout(std::string(f.bytes()), std::string(f.name)).value();
  l.name = f.name;
  return l;
}

const std::vector<layout>& all() {
  static const std::vector<layout> read = [] {
    std::vector<layout> out;
    for (const file& f : files) out.push_back(read_built_in(f));
    for (const file& f : unscored_files) out.push_back(read_built_in(f));
    return out;
  }();
  return read;
}

std::vector<std::string_view> names_of(const auto& all_files) {
  std::vector<std::string_view> out;
  for (const file& f : all_files) out.push_back(f.name);
  return out;
}

}  // namespace

const std::vector<std::string_view>& names() {
  static const auto known = names_of(files);
  return known;
}

const std::vector<std::string_view>& unscored_names() {
  static const auto known = names_of(unscored_files);
  return known;
}

const layout& named(std::string_view name) {
  const auto found = std::ranges::find(all(), name, &layout::name);
  return found == all().end() ? all().front() : *found;
}

const layout& monitoring() {
  static const layout read = read_built_in({"monitoring", layout_monitoring});
  return read;
}

}  // namespace changtong::layouts
