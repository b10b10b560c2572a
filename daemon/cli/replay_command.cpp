#include "daemon/cli/replay_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "collectors/registry.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/cli/progress.h"
#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/writer.h"
#include "daemon/replay/replay.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;

/** A problem of the trace names its line; any other means that we could not go on. */
int fail_at(const problem& p, const std::string& trace) {
  if (p.text.empty() || interrupted()) return fail(said({"已中断，未留下账本", "interrupted; no ledger was left"}));
  if (p.line == 0) return fail(p);
  return fail(problems{.list = {{.text = p.text, .file = trace, .line = p.line}}});
}

/** What a ledger has beside it and keeps, and what is gone once it is closed. The ledger itself gets its name last. */
constexpr const char* kept[] = {".pub", ".seals", ""};
constexpr const char* passing[] = {"-wal", "-shm", "-journal", ".lock"};

/** The ledger grows under a name of its own; whoever finds its final name finds all of it. */
class unfinished {
 public:
  explicit unfinished(std::string path) : path_(std::move(path)), name_(path_ + ".replaying") {
    remove(passing);
    remove(kept);
  }
  unfinished(const unfinished&) = delete;
  unfinished& operator=(const unfinished&) = delete;
  ~unfinished() {
    remove(passing);
    remove(kept);
    std::error_code ignored;
    if (!finished_) fs::remove(key(), ignored);
  }

  /** It has its final name from the beginning: nobody takes a key for a ledger, and it was not there before. */
  [[nodiscard]] std::string key() const { return path_ + ".key"; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] result<void> finish() {
    std::error_code failed, absent;
    for (const char* part : kept) {
      if (!fs::exists(name_ + part, absent)) continue;
      fs::rename(name_ + part, path_ + part, failed);
      if (failed)
        return said(both("{} 无法改名为 {}：{}", "{} cannot be named {}: {}", name_ + part, path_ + part,
                         system_words(failed.value())));
    }
    finished_ = true;
    return {};
  }

 private:
  template <std::size_t N>
  void remove(const char* const (&parts)[N]) {
    std::error_code ignored;
    for (const char* part : parts) fs::remove(name_ + part, ignored);
  }
  std::string path_, name_;
  bool finished_ = false;
};

/** Lines of at most most_line_bytes; a longer one is handed on cut, and refused there. */
class lines_of {
 public:
  explicit lines_of(const std::string& path) : file_(std::fopen(path.c_str(), "rbe")) {}
  lines_of(const lines_of&) = delete;
  lines_of& operator=(const lines_of&) = delete;
  ~lines_of() {
    if (file_ != nullptr) std::fclose(file_);
  }

  [[nodiscard]] bool opened() const { return file_ != nullptr; }
  [[nodiscard]] bool failed() const { return std::ferror(file_) != 0; }
  /** False at the end. */
  bool next(std::string& line) {
    line.clear();
    for (;;) {
      if (at_ == have_) {
        at_ = 0;
        have_ = std::fread(chunk_.data(), 1, chunk_.size(), file_);
        if (have_ == 0) return !line.empty();
      }
      const char* begin = chunk_.data() + at_;
      const auto end = static_cast<const char*>(std::memchr(begin, '\n', have_ - at_));
      const std::size_t size = end == nullptr ? have_ - at_ : static_cast<std::size_t>(end - begin);
      line.append(begin, std::min(size, replay::most_line_bytes + 1 - std::min(line.size(), replay::most_line_bytes)));
      at_ += size + (end == nullptr ? 0 : 1);
      if (end != nullptr) return true;
    }
  }

 private:
  std::FILE* file_;
  std::string chunk_ = std::string(1 << 20, '\0');
  std::size_t at_ = 0, have_ = 0;
};

result<replay::tape> read(const std::string& path, const civil_zone& zone) {
  if (const auto plain = host::is_plain_file(path); !plain)
    return said(both("无法打开 {}：{}", "cannot open the trace {}: {}", path, words_of(plain.error())));
  lines_of lines(path);
  if (!lines.opened()) return said(both("无法打开 {}：{}", "cannot open the trace {}: {}", path, system_words(errno)));
  replay::tape_writer writer(zone);
  std::string line;
  for (std::uint64_t n = 1; lines.next(line); ++n) {
    if (const auto added = writer.add(line); !added) return added.error();
    if (n % 100'000 == 0 && !progress("读取", static_cast<std::int64_t>(n), static_cast<std::int64_t>(n + 1)))
      return problem{};
  }
  if (lines.failed()) return said(both("无法读完 {}", "the trace {} cannot be read to its end", path));
  return writer.finish();
}

/** The first file of a ledger of this name that is there; keys and seals are never written over. */
std::optional<std::string> taken(const std::string& path) {
  for (const char* part : {"", ".key", ".pub", ".seals"}) {
    std::error_code absent;
    const std::string name = path + part;
    if (fs::exists(name, absent) && (!fs::is_regular_file(name, absent) || fs::file_size(name, absent) > 0))
      return name;
  }
  return std::nullopt;
}

struct told {
  replay::replayed counts;
  std::string digest;
};

/** Rule 10 looks at the whole trace first; on an inventory of its own, since the trace changes it. */
result<replay::own_silences> scout_ahead(const replay::tape& t, const settings& s, const std::string& config) {
  const auto anchor = [](const auto& k) { return k.target.starts_with("anchor"); };
  const auto of_settings = [](const target& t) { return t.kind == target_kind::anchor; };
  if (std::ranges::none_of(t.keys, anchor) && std::ranges::none_of(s.targets->targets, of_settings) &&
      std::ranges::none_of(t.events, [&](const replay::taped_event& e) {
        const auto said = std::get_if<replay::trace_event>(&e.what);
        const auto range = said == nullptr ? nullptr : std::get_if<replay::trace_range>(said);
        return range != nullptr && anchor(range->seen);
      }))
    return replay::own_silences{};
  amended_inventory inventory(config, real_surroundings(kinds()));
  const auto loaded = inventory.load();
  if (!loaded) return said({"配置在重放时变了，请再试", "the configuration changed during the replay: try again"});
  replay::scout scout(t, loaded->value, inventory);
  return scout.run([](std::uint64_t done, std::uint64_t all) {
    return progress("上联", static_cast<std::int64_t>(done), static_cast<std::int64_t>(all));
  });
}

result<told> play(const replay::tape& t, const settings& s, amended_inventory& inventory, const unfinished& file,
                  const std::string& config) {
  auto silences = scout_ahead(t, s, config);
  if (!silences) return silences.error();
  auto books = ledger::writer::open(file.name(), 0, {.key_file = file.key()});
  if (!books) return books.error();
  replay::replay play(t, s, inventory, **books, std::move(*silences));
  const auto counts = play.run([](std::uint64_t done, std::uint64_t all) {
    return progress("重放", static_cast<std::int64_t>(done), static_cast<std::int64_t>(all));
  });
  if (!counts) return counts.error();
  return told{.counts = *counts, .digest = (*books)->last_hash()};
}

void print(const told& t, const std::string& path, double seconds) {
  fmt::print(
      "已重放 {} 个样本（静默 {}，随崩溃丢失 {}），{} 条账目，{} 次中断，用时 {:.1f} 秒\n"
      "replayed {} samples ({} muted, {} lost in crashes), {} entries, {} outages, {:.1f} s\n"
      "账本 / ledger: {}\n摘要 / digest: {}\n",
      t.counts.samples, t.counts.muted, t.counts.lost, t.counts.entries, t.counts.outages, seconds, t.counts.samples,
      t.counts.muted, t.counts.lost, t.counts.entries, t.counts.outages, seconds, path, t.digest);
}

}  // namespace

int replay_command(const replay_options& o) {
  const auto began = std::chrono::steady_clock::now();
  notice_interrupts();
  amended_inventory inventory(o.config, real_surroundings(kinds()));
  const auto loaded = inventory.load();
  if (!loaded) return fail(loaded.error());
  if (const auto there = taken(o.ledger))
    return fail(said(fmt::format("{} 已存在：重放只写新账本，请换一个名字", *there),
                     "it is there already: a replay writes a new ledger, name another file", problem_class::usage));
  const auto tape = read(o.trace, loaded->value.zone);
  if (!tape) return fail_at(tape.error(), o.trace);
  unfinished file(o.ledger);
  const auto done = play(*tape, loaded->value, inventory, file, o.config);
  if (!done) return fail_at(done.error(), o.trace);
  if (const auto named = file.finish(); !named) return fail(named.error());
  print(*done, o.ledger, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  return exit_ok;
}

void replay_arguments(grammar app, int& code) {
  const auto o = std::make_shared<replay_options>();
  auto sub = app.add_subcommand("replay", "把记录的样本按虚拟时间写入新账本 / recorded samples into a new ledger");
  sub.footer(
      "例 / example:\n"
      "  changtong replay --config changtong.yaml --trace trace.jsonl --ledger new.db");
  sub.add_option("--config", o->config, "配置文件").required();
  sub.add_option("--trace", o->trace, "轨迹，JSON 行 / JSON lines").required().plain_file();
  sub.add_option("--ledger", o->ledger, "新账本 / a ledger that is not there yet").required();
  sub.callback([o, &code] { code = replay_command(*o); });
}

}  // namespace changtong
