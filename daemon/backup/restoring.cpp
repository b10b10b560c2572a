#include "daemon/backup/restoring.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/host/plain_file.h"
#include "daemon/host/whole_file.h"
#include "daemon/ledger/copy.h"

namespace changtong::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_seals_bytes = 64 << 20;

bool is_there(const std::string& path) {
  std::error_code none;
  return fs::exists(fs::symlink_status(path, none));
}

/** No link on the way leads out of the folder. */
result<void> stays_inside(const std::string& folder, const std::string& path) {
  std::error_code failed;
  const fs::path real = fs::weakly_canonical(folder, failed);
  const fs::path there = failed ? fs::path() : fs::weakly_canonical(fs::path(path).parent_path(), failed);
  if (failed) return about(path, said(system_words(failed.value())));
  const auto [mine, theirs] = std::mismatch(real.begin(), real.end(), there.begin(), there.end());
  if (mine == real.end()) return {};
  return about(path, said(both("经由链接离开了 {}", "a link on the way leads out of {}", folder)));
}

result<fate> fate_of(const saved_file& f, const std::string& from, const std::string& to) {
  std::error_code none;
  if (!is_there(to)) return fate::create;
  // A book with a log beside it says more than its file.
  if (f.what == part::ledger && is_there(to + "-wal")) return fate::replace;
  const auto there = host::measured(fs::weakly_canonical(to, none).string());
  if (!there) return there.error();
  if (there->size == f.size && there->sha256 == f.sha256) return fate::same;
  if (f.what != part::seals) return fate::replace;
  const auto ours = host::read_plain_file(from, most_seals_bytes);
  const auto theirs = host::read_plain_file(to, most_seals_bytes);
  if (!ours || !theirs) return about(ours ? to : from, ours ? theirs.error() : ours.error());
  return theirs->starts_with(*ours) ? fate::longer : fate::replace;
}

/** What stands in the way, by its new name. The log and its index belong to the book that goes: beside the one that
 * comes SQLite would play them into it. They go whatever became of the book, also where a restoration ended half way.
 */
result<void> move_aside(const restored_file& f, const std::string& aside, restored& done) {
  // The book first: what is interrupted leaves no book, never one without its last entries.
  std::vector<const char*> ends{""};
  if (f.what.what == part::ledger) ends = {"", "-wal", "-shm"};
  for (const char* end : ends)
    if (is_there(f.to + end)) {
      if (const auto moved = host::rename_file(f.to + end, aside + end); !moved) return moved;
      done.aside.push_back(aside + end);
    }
  return {};
}

/** The new file is whole beside its place before the old one goes. */
result<void> place(const restored_file& f, const std::string& root, const std::string& from, const std::string& stamp,
                   restored& done) {
  if (!root.empty())
    if (const auto inside = stays_inside(root, f.to); !inside) return inside;  // since it was previewed
  std::error_code failed;
  fs::create_directories(fs::path(f.to).parent_path(), failed);
  if (failed) return about(f.to, said(system_words(failed.value())));
  const std::string fresh = f.to + ".restoring";
  ::unlink(fresh.c_str());
  if (const auto made = host::copy_file(from, fresh, f.what.mode); !made) return made;
  const auto copied = host::measured(fresh);  // the backup may lie where others write
  if (!copied) return copied.error();
  if (copied->sha256 != f.what.sha256) return about(from, said({"在恢复期间变了", "it changed while it was put back"}));
  if (!give_to(fresh, f.what.whose)) done.not_given.push_back(f.to);
  if (const auto moved = move_aside(f, f.to + ".before-restore-" + stamp, done); !moved) return moved;
  return host::rename_file(fresh, f.to);
}

}  // namespace

result<restoration> preview(const std::string& folder, const std::string& root, const progress& heard) {
  const std::string name = folder + "/" + std::string(list_name);
  const auto text = host::read_plain_file(name, most_list_bytes);
  if (!text) return about(name, text.error());
  auto list = read_list(*text);
  if (!list) return list.error();
  restoration r{.list = std::move(*list), .folder = folder, .root = root, .ledger = {}, .files = {}};
  const auto all = static_cast<std::int64_t>(r.list.files.size());
  for (const saved_file& f : r.list.files) {
    if (!heard("核对", static_cast<std::int64_t>(r.files.size()), all)) return said({"已中止", "stopped"});
    const std::string from = folder + "/" + f.stored;
    if (const auto inside = stays_inside(folder, from); !inside) return inside.error();
    const auto is = host::measured(from);
    if (!is) return is.error();
    if (is->size != f.size || is->sha256 != f.sha256)
      return said(both("{} 与备份清单不符：它损坏了，或被改动过，什么也没有恢复",
                       "{} is not what the list of the backup says: nothing was restored", from),
                  problem_class::cannot);
    restored_file to{.what = f, .to = root.empty() ? f.path : fs::path(root + f.path).lexically_normal().string()};
    if (!root.empty())
      if (const auto inside = stays_inside(root, to.to); !inside) return inside.error();
    const auto how = fate_of(f, from, to.to);
    if (!how) return how.error();
    to.how = *how;
    if (f.what == part::ledger) r.ledger = to.to;
    r.files.push_back(std::move(to));
  }
  const bool longer = std::ranges::any_of(r.files, [](const auto& f) { return f.how == fate::longer; });
  for (restored_file& f : r.files)
    if (longer && f.what.what == part::posted && f.how == fate::replace) f.how = fate::longer;
  return r;
}

result<restored> apply(const restoration& what, const std::string& stamp) {
  restored done;
  std::shared_ptr<void> held;  // to the end: no daemon begins between two files
  if (fs::exists(what.ledger)) {
    auto lock = ledger::hold(what.ledger);
    if (!lock) return lock.error();
    held = std::move(*lock);
  }
  // The book comes last: a restoration that ended half way is seen by its absence, and can be done again.
  std::vector<const restored_file*> order;
  for (const restored_file& f : what.files) order.push_back(&f);
  std::ranges::partition(order, [](const restored_file* f) { return f->what.what != part::ledger; });
  for (const restored_file* f : order) {
    if (f->how == fate::same || f->how == fate::longer) continue;
    if (const auto placed = place(*f, what.root, what.folder + "/" + f->what.stored, stamp, done); !placed)
      return placed.error();
  }
  return done;
}

}  // namespace changtong::backup
