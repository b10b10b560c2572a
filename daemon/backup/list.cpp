#include "daemon/backup/list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <filesystem>

#include "daemon/core/json.h"
#include "daemon/core/phrase.h"

namespace changtong::backup {
namespace {

namespace json = boost::json;

constexpr std::string_view format = "changtong-backup-1";
constexpr std::array<std::string_view, 4> names{"ledger", "seals", "posted", "settings"};
constexpr std::size_t most_files = 10'000;

std::string text_of(const json::object& o, const char* key) { return std::string(o.at(key).as_string()); }

/** The one way to write a file's place: no detour, no folder's own name, no byte at which the system stops reading. */
bool names_a_file(const std::filesystem::path& p) {
  return p.has_filename() && p.filename() != "." && p.filename() != ".." &&
         p.lexically_normal().native() == p.native() && p.native().find('\0') == std::string::npos;
}

/** Nothing that leads out of the folder it is in. */
bool stays_inside(const std::filesystem::path& stored) {
  return names_a_file(stored) && stored.is_relative() && *stored.begin() != "..";
}

saved_file file_of(const json::object& o) {
  saved_file f;
  const auto* const name = std::ranges::find(names, text_of(o, "part"));
  const auto raw = host::from_hex(text_of(o, "sha256"));
  f.path = text_of(o, "path");
  f.stored = text_of(o, "stored");
  const std::int64_t size = o.at("size").as_int64();
  const std::int64_t mode = o.at("mode").as_int64();
  const std::filesystem::path home(f.path);
  if (name == names.end() || !raw || raw->size() != f.sha256.size() || size < 0 || mode < 0 || mode > 0777 ||
      !home.is_absolute() || !names_a_file(home) || !stays_inside(f.stored))
    throw std::out_of_range("file");
  f.what = static_cast<part>(name - names.begin());
  std::ranges::copy(*raw, f.sha256.begin());
  f.size = static_cast<std::uint64_t>(size);
  f.mode = static_cast<unsigned>(mode);
  f.whose.user = text_of(o, "owner");
  f.whose.group = text_of(o, "group");
  return f;
}

}  // namespace

std::string_view name_of(part p) { return names[static_cast<std::size_t>(p)]; }

std::string list_text(const backup_list& l) {
  json_object head;
  head.add("format", format).add("version", l.version).add("made", l.made).add("node", l.node);
  head.add("entries", l.entries).add_raw("variables", json_list(l.variables));
  std::string out = head.text();
  out.pop_back();
  out += ",\"files\":[";
  for (const saved_file& f : l.files) {
    json_object o;
    o.add("part", name_of(f.what)).add("path", f.path).add("stored", f.stored);
    o.add("size", static_cast<std::int64_t>(f.size)).add("sha256", host::hex(host::bytes_of(f.sha256)));
    o.add("mode", static_cast<std::int64_t>(f.mode)).add("owner", f.whose.user).add("group", f.whose.group);
    out += (&f == l.files.data() ? "\n" : ",\n") + o.text();
  }
  return out + "\n]}\n";
}

result<backup_list> read_list(std::string_view text) {
  const problem no =
      said(both("{} 不是本程序写的备份清单，或被改动过", "{} is no list of a backup, or was changed", list_name),
           problem_class::cannot);
  if (text.size() > most_list_bytes) return no;
  try {
    boost::system::error_code failed;
    const json::value v = json::parse(text, failed);
    if (failed) return no;
    const json::object& o = v.as_object();
    if (o.at("format").as_string() != format) return no;
    backup_list l{.version = text_of(o, "version"),
                  .made = text_of(o, "made"),
                  .node = text_of(o, "node"),
                  .entries = o.at("entries").as_int64(),
                  .variables = {},
                  .files = {}};
    for (const json::value& name : o.at("variables").as_array()) l.variables.emplace_back(name.as_string());
    const json::array& files = o.at("files").as_array();
    if (files.size() > most_files) return no;
    for (const json::value& f : files) l.files.push_back(file_of(f.as_object()));
    if (std::ranges::count(l.files, part::ledger, &saved_file::what) != 1) return no;  // its lock guards the rest
    if (list_text(l) != text) return no;
    return l;
  } catch (const std::exception&) {
    return no;
  }
}

}  // namespace changtong::backup
