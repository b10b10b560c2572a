#include "daemon/plans/papers.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/host/digest.h"
#include "daemon/host/plain_file.h"
#include "daemon/plans/access_log.h"
#include "daemon/plans/files.h"
#include "daemon/plans/plan.h"

namespace changtong::plans {
namespace {

struct closing {
  void operator()(std::FILE* f) const { std::fclose(f); }
  void operator()(gzFile_s* f) const { gzclose_r(f); }
};

/** SHA-256 of a file's bytes, hex; a file of none proves nothing. */
result<std::string> hash_of(const std::string& path) {
  if (const auto plain = host::is_plain_file(path); !plain) return plain.error();
  const std::unique_ptr<std::FILE, closing> in(std::fopen(path.c_str(), "rbe"));
  if (!in) return said(system_words(errno));
  host::sha256 state;
  std::array<char, 1 << 16> chunk{};
  bool empty = true;
  for (std::size_t n = 0; (n = std::fread(chunk.data(), 1, chunk.size(), in.get())) > 0; empty = false)
    state.add({chunk.data(), n});
  if (std::ferror(in.get()) != 0) return said({"读到一半失败", "could not be read to its end"});
  if (empty) return said({"是空的（0 字节），不是证据", "is empty (0 bytes): no evidence"});
  return result<std::string>(boost::system::in_place_value, host::hex(host::bytes_of(state.finish())));
}

/** Every line of a plain or compressed file. What is longer than a log line may be is handed on cut. */
result<void> each_line(const std::string& path, access_tally& into) {
  const std::unique_ptr<gzFile_s, closing> in(gzopen(path.c_str(), "rbe"));
  if (!in) return said({"无法打开", "cannot be opened"});
  std::array<char, 1 << 16> chunk{};
  std::string line;
  const auto take = [&](std::string_view part) {
    line.append(part.substr(0, most_log_line + 1 - std::min(line.size(), most_log_line)));
  };
  for (int n = 0; (n = gzread(in.get(), chunk.data(), chunk.size())) != 0;) {
    if (n < 0) return said({"压缩文件损坏", "the compressed file is damaged"});
    std::string_view rest(chunk.data(), static_cast<std::size_t>(n));
    for (std::size_t end = 0; (end = rest.find('\n')) != std::string_view::npos; rest.remove_prefix(end + 1)) {
      take(rest.substr(0, end));
      into.add(line);
      line.clear();
    }
    take(rest);
  }
  into.add(line);
  int failed = Z_OK;
  gzerror(in.get(), &failed);
  if (failed == Z_BUF_ERROR) return said({"压缩文件不完整", "the compressed file ends too early"});
  return {};
}

class reading_papers {
 public:
  reading_papers(const civil_zone& zone, period so_far) : zone_(zone), so_far_(so_far) {}

  papers read(const source& source) {
    std::visit([this](const auto& s) { take(s); }, source);
    return std::move(p_);
  }

 private:
  bool listed(const file_name& f) {
    const auto hash = hash_of(f.path);
    if (hash)
      p_.files.push_back({f.written, *hash});
    else
      p_.missing.push_back(fmt::format("文件 {}：{}", f.written, to_string(words_of(hash.error()))));
    return hash.has_value();
  }
  void listed(const std::vector<file_name>& files) {
    for (const file_name& f : files) listed(f);
  }

  /** A table of `f` by `decode`; every problem of it is missing evidence. */
  template <class Rows, class Decode>
  void table(const file_name& f, Rows& into, const Decode& decode) {
    if (!listed(f)) return;
    auto bytes = host::read_document(f.path);
    if (!bytes) {
      p_.missing.push_back(fmt::format("文件 {}：{}", f.written, to_string(words_of(bytes.error()))));
      return;
    }
    auto rows = decode(std::move(*bytes), f.written);
    if (rows)
      into = std::move(*rows);
    else
      for (const problem& e : rows.error().list) p_.missing.push_back(to_string(e));
  }

  void take(const measured_source& s) {
    if (s.file) table(*s.file, p_.days, read_dated_ids_csv);
  }
  void take(const amount_source& s) { listed(s.files); }
  void take(const date_source& s) { listed(s.files); }
  void take(const document_source& s) { listed(s.files); }
  void take(const stated_source& s) { listed(s.files); }
  void take(const survey_source& s) { table(s.file, p_.answers, read_survey_csv); }
  void take(const counter_source& s) {
    if (!s.counter.empty()) return;  // its readings are in the ledger
    if (s.how == counting::views || s.how == counting::visits) return logs(s);
    if (s.how == counting::rows) return table(s.files.front(), p_.accepted, read_acceptance_csv);
    table(s.files.front(), p_.counter, [this](std::string bytes, const std::string& file) {
      return read_counter_csv(std::move(bytes), file, zone_);
    });
  }

  void logs(const counter_source& s) {
    access_tally tally(so_far_);
    for (const file_name& f : s.files) {
      if (!listed(f)) continue;
      tally.begin_file();
      if (const auto done = each_line(f.path, tally); !done)
        p_.missing.push_back(fmt::format("文件 {}：{}", f.written, to_string(done.error())));
      else if (const auto again = hash_of(f.path); !again || *again != p_.files.back().sha256)
        p_.missing.push_back(
            fmt::format("文件 {} 在读取时变了：请用已归档的日志 / changed while it was read", f.written));
    }
    p_.accesses = tally.counts();
  }

  const civil_zone& zone_;
  period so_far_;
  papers p_;
};

}  // namespace

std::map<std::string, papers> read_papers(const plan& what, const civil_zone& zone, period so_far) {
  std::map<std::string, papers> all;
  for (const indicator& i : what.indicators) all[i.id] = reading_papers(zone, so_far).read(i.source);
  return all;
}

}  // namespace changtong::plans
