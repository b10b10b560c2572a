#include "daemon/backup/taking.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "changtong_version.h"
#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/host/plain_file.h"
#include "daemon/host/whole_file.h"
#include "daemon/ledger/copy.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/verify.h"

namespace changtong::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_file_bytes = 64 << 20;

std::string absolute(const std::string& path) { return fs::absolute(path).lexically_normal().string(); }

/** Everything beside a ledger: seals, also those set aside, keys, how far they were posted, users. Not the audit log:
 * the machine's own goes on over a restoration. */
void add_ledger_files(scope& s) {
  const fs::path home(s.ledger);
  std::set<std::string> found;
  std::error_code none;
  for (const fs::directory_entry& e : fs::directory_iterator(home.parent_path(), none)) {
    const std::string name = e.path().filename().string();
    if (name.starts_with(home.filename().string() + ".seals") || e.path() == ledger::public_file_of(s.ledger) ||
        e.path() == ledger::key_file_of(s.ledger) || e.path() == ledger::posted_file_of(s.ledger) ||
        e.path() == s.ledger + ".users")
      // a link beside the ledger could lead to what only root may read
      if (fs::is_regular_file(e.symlink_status(none))) found.insert(e.path().string());
  }
  for (const std::string& path : found) {
    const part what = path == ledger::seals_file_of(s.ledger)    ? part::seals
                      : path == ledger::posted_file_of(s.ledger) ? part::posted
                                                                 : part::settings;
    s.files.push_back({what, path});
  }
}

/** As the ledger is a copy of its own, its files keep their names beside it; all others lie under their whole path. */
std::string stored_name(const scope& s, const std::string& path) {
  const fs::path p(path);
  return p.parent_path() == fs::path(s.ledger).parent_path() &&
                 p.filename().string().starts_with(fs::path(s.ledger).filename().string() + ".")
             ? "ledger/" + p.filename().string()
             : "files" + path;
}

result<saved_file> described(part what, const std::string& path, const std::string& stored) {
  struct stat is{};
  if (::stat(path.c_str(), &is) != 0) return about(path, said(system_words(errno)));
  saved_file f{.what = what, .path = path, .stored = stored, .mode = is.st_mode & 0777U, .whose = owner_of(is)};
  return f;
}

class taking {
 public:
  taking(const scope& what, std::string folder, const progress& heard)
      : what_(what), folder_(std::move(folder)), heard_(heard) {}

  result<backup_list> into(backup_list list) {
    // A book may be ahead of its seals and never behind them: they are read first.
    for (const source& s : what_.files) {
      auto kept = keep(s);
      if (!kept) return kept.error();
      list.files.push_back(std::move(*kept));
    }
    auto copied = keep_book();
    if (!copied) return copied.error();
    list.files.insert(list.files.begin(), std::move(*copied));
    auto entries = verified();
    if (!entries) return entries.error();
    list.entries = *entries;
    const auto is = host::measured(folder_ + "/" + book());
    if (!is) return is.error();
    list.files.front().size = is->size;
    list.files.front().sha256 = is->sha256;
    const std::string path = folder_ + "/" + std::string(list_name);
    if (const auto written = host::create_plain_file(path, list_text(list), 0600); !written)
      return about(path, written.error());
    return list;
  }

 private:
  result<saved_file> keep(const source& s) {
    auto f = described(s.what, s.path, stored_name(what_, s.path));
    if (!f) return f;
    const auto text = host::read_plain_file(s.path, most_file_bytes);
    if (!text) return about(s.path, text.error());
    f->size = text->size();
    f->sha256 = host::sha256_of(*text);
    const std::string to = folder_ + "/" + f->stored;
    std::error_code failed;
    fs::create_directories(fs::path(to).parent_path(), failed);
    if (failed) return about(to, said(system_words(failed.value())));
    if (const auto written = host::create_plain_file(to, *text, 0600); !written) return about(to, written.error());
    return f;
  }

  [[nodiscard]] std::string book() const { return "ledger/" + fs::path(what_.ledger).filename().string(); }

  result<saved_file> keep_book() {
    auto f = described(part::ledger, what_.ledger, book());
    if (!f) return f;
    const std::string to = folder_ + "/" + book();
    std::error_code failed;
    fs::create_directories(fs::path(to).parent_path(), failed);
    if (failed) return about(to, said(system_words(failed.value())));
    const auto copied = ledger::copy_ledger(
        what_.ledger, to, [this](std::int64_t done, std::int64_t total) { return heard_("复制", done, total); });
    if (!copied) return copied.error();
    return f;
  }

  /** Reading it back is what makes it a backup. */
  result<std::int64_t> verified() {
    const auto p = ledger::prove(folder_ + "/" + book(), {},
                                 [this](std::int64_t done, std::int64_t total) { return heard_("核验", done, total); });
    if (!p) return p.error();
    if (!p->ok) return said(both("账本的副本核验不通过：{}", "the copy of the ledger does not verify: {}", p->text));
    return p->entries;
  }

  const scope& what_;
  std::string folder_;
  const progress& heard_;
};

}  // namespace

boost::system::result<scope, problems> scope_of(const std::string& config, const surroundings& from) {
  scope s;
  std::set<std::string> read, variables;
  surroundings noted = from;
  noted.read = [&](const std::string& path) {
    auto text = from.read(path);
    if (text) read.insert(absolute(path));
    return text;
  };
  noted.environment = [&](const std::string& name) {
    auto value = from.environment(name);
    if (value) variables.insert(name);
    return value;
  };
  const auto loaded = load(config, noted);
  if (!loaded) return loaded.error();
  s.ledger = ledger::real_name(absolute(loaded->value.ledger));
  s.node = loaded->value.node;
  s.variables.assign(variables.begin(), variables.end());
  add_ledger_files(s);
  for (const source& f : s.files) read.erase(f.path);
  const std::string words = (fs::path(absolute(config)).parent_path() / "import-words.yaml").string();
  if (fs::is_regular_file(words)) read.insert(words);
  // What is read only when it is needed.
  std::vector<std::string> named{loaded->value.seal.key_file, loaded->value.seal.url_ca_file};
  if (loaded->value.peer) named.push_back(loaded->value.peer->ca_file);
  for (const alert_channel& c : loaded->value.alerts.channels) named.push_back(c.ca_file);
  // The machine's own certificates are the machine's: a restoration would put old ones in their place.
  const std::string own = fs::path(absolute(config)).parent_path().string() + "/";
  for (const std::string& path : named)
    if (!path.empty() && fs::is_regular_file(path) && (path == named.front() || absolute(path).starts_with(own)))
      read.insert(absolute(path));
  for (const std::string& path : read) s.files.push_back({part::settings, path});
  return s;
}

scope scope_of_ledger(const std::string& ledger) {
  scope s;
  s.ledger = ledger::real_name(absolute(ledger));
  add_ledger_files(s);
  return s;
}

result<backup_list> take(const scope& what, const std::string& folder, const std::string& made, const progress& heard) {
  const std::string part = folder + ".part";  // half of a backup never looks like one
  std::error_code failed;
  if (fs::exists(folder, failed) || fs::exists(part, failed))
    return said(both("{} 已经存在", "{} is there already", fs::exists(folder, failed) ? folder : part));
  fs::create_directories(part, failed);
  if (!failed) fs::permissions(part, fs::perms::owner_all, failed);
  if (failed) return about(part, said(system_words(failed.value())));
  auto list = taking(what, part, heard)
                  .into({.version = CHANGTONG_VERSION,
                         .made = made,
                         .node = what.node,
                         .variables = what.variables,
                         .files = {}});
  if (list) fs::rename(part, folder, failed);
  if (list && !failed) return list;
  std::error_code left;
  fs::remove_all(part, left);
  if (!list) return list.error();
  return about(folder, said(system_words(failed.value())));
}

}  // namespace changtong::backup
